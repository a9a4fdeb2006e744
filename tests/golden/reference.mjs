// Answers access cases with an independent evaluator: node reference.mjs < cases.ndjson > answers.ndjson
//
// The evaluator is the npm package @cloud-copilot/iam-simulate (AGPL-3.0). It is installed beside a copy of this file, runs in this
// process only, and nothing but its verdicts on our own cases comes back. One case per line in, one answer per line out:
//   {"verdict": "allow|deny|error", "actions": [{"action", "verdict", "layers": {layer: result},
//     "statements": [[layer, level, policy, statement, [failed element, …]], …]}]}
// A failed element is "Action", "Principal", … or "operator key" of a condition. Indices count from 0.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value])

// An AssumeRole is as many questions as actions it needs.
function actions(oneCase) {
  const request = oneCase.request ?? {}
  const named = ['sts:AssumeRole']
  if (Object.keys(request.tags ?? {}).length > 0 || list(request.transitive_tag_keys).length > 0) named.push('sts:TagSession')
  const sent = (key) => oneCase.context?.[key] !== undefined
  if (request.source_identity != null || sent('sts:SourceIdentity') || sent('aws:SourceIdentity')) named.push('sts:SetSourceIdentity')
  return named
}

function simulation(oneCase, action) {
  const levels = (all, kind) =>
    list(all).map((level, i) => ({
      orgIdentifier: `${kind}/${i}`,
      policies: level.policies.map((one, j) => ({ name: `${kind}/${i}/${j}`, policy: one.policy })),
    }))
  return {
    request: {
      principal: oneCase.caller_arn,
      action,
      resource: { resource: oneCase.role_arn, accountId: oneCase.role_arn.split(':')[4] },
      contextVariables: oneCase.context ?? {},
    },
    identityPolicies: list(oneCase.identity_policies).map((policy, i) => ({ name: `identity//${i}`, policy })),
    resourcePolicy: oneCase.trust_policy,
    sessionPolicy: oneCase.session_policy ?? undefined,
    permissionBoundaryPolicies: list(oneCase.permission_boundary).map((policy) => ({ name: 'boundary//0', policy })),
    serviceControlPolicies: levels(oneCase.scps, 'scp'),
    resourceControlPolicies: levels(oneCase.rcps, 'rcp'),
  }
}

function failed(explain, side) {
  const elements = []
  if (side === 'role' && explain.principalMatch === 'NoMatch') elements.push(explain.notPrincipals ? 'NotPrincipal' : 'Principal')
  if (!explain.actionMatch) elements.push(explain.notActions ? 'NotAction' : 'Action')
  if (!explain.resourceMatch) elements.push(explain.notResources ? 'NotResource' : 'Resource')
  for (const one of explain.conditions ?? []) if (!one.matches) elements.push(`${one.operator} ${one.conditionKeyValue}`)
  return elements
}

// A statement without Sid is called by its place, counted from 1.
const statements = (analysis, side) =>
  [...analysis.allowStatements, ...analysis.denyStatements, ...analysis.unmatchedStatements].map((one) => ({
    policy: one.policyId,
    statement: Number(one.explain.identifier) - 1,
    failed: failed(one.explain, side),
  }))

function answer(oneCase, action, analysis) {
  const layers = {}, rows = []
  const flat = (layer, side, found) => {
    if (!found) return
    layers[layer] = found.result
    for (const one of statements(found, side)) {
      const policy = layer === 'identity' ? Number(one.policy.split('/').pop()) : 0
      rows.push([layer, null, policy, one.statement, one.failed])
    }
  }
  const levelled = (layer, side, found) => {
    if (!found) return
    layers[layer] = found.result
    for (const level of found.ouAnalysis)
      for (const one of statements(level, side)) {
        const [kind, i, j] = String(one.policy).split('/')
        // The policy that AWS attaches by itself is not part of the case.
        if (kind === layer) rows.push([layer, Number(i), Number(j), one.statement, one.failed])
      }
  }
  flat('trust', 'role', analysis.resourceAnalysis)
  flat('identity', 'caller', analysis.identityAnalysis)
  if (oneCase.permission_boundary) flat('boundary', 'caller', analysis.permissionBoundaryAnalysis)
  if (oneCase.session_policy) flat('session', 'caller', analysis.sessionAnalysis)
  levelled('scp', 'caller', analysis.scpAnalysis)
  levelled('rcp', 'role', analysis.rcpAnalysis)
  return { action, verdict: analysis.result, layers, statements: rows }
}

async function evaluate(oneCase) {
  const answers = []
  for (const action of actions(oneCase)) {
    const found = await runSimulation(simulation(oneCase, action), { simulationMode: 'Strict' })
    if (found.resultType === 'error') return { verdict: 'error', error: found.errors }
    answers.push(answer(oneCase, action, (found.result ?? found.results[0]).analysis))
  }
  return { verdict: answers.every((one) => one.verdict === 'Allowed') ? 'allow' : 'deny', actions: answers }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (!line.trim()) continue
  let result
  try {
    result = await evaluate(JSON.parse(line))
  } catch (error) {
    result = { verdict: 'error', error: String(error?.message ?? error) }
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
