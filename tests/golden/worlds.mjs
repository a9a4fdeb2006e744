// The stated answers of the demo worlds, before and after each stated fix, as cases for the reference: node worlds.mjs > cases.ndjson
// With the reference's answers, compares them: node worlds.mjs answers.ndjson
//
// What no policy decides is left out: to the reference every role exists and has a trust policy, and a request is never malformed.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../assets/sandbox')

// A world may extend another, as a JSON Merge Patch (RFC 7396).
function merged(base, patch) {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result = { ...(base !== null && typeof base === 'object' && !Array.isArray(base) ? base : {}) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merged(result[key], value)
  }
  return result
}

function described(name) {
  const { extends: base, ...own } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  // A world's fixes are edits of its own policies.
  return base ? { ...merged(described(base), own), fixes: own.fixes ?? [] } : own
}

// A world may describe numbered members: {"$fill": {"role-#": MEMBER}, "times": 1000, "with": {...}}.
function filled(value) {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(filled)
  const { $fill: pattern, times, with: others, ...members } = value
  if (pattern === undefined) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member)]))
  const text = JSON.stringify(pattern)
  const numbered = (_, i) => JSON.parse(text.replaceAll('#', String(i + 1).padStart(4, '0')))
  return filled({ ...members, ...Object.assign({}, ...Array.from({ length: times }, numbered)), ...others })
}

const world = (name) => filled(described(name))

const UNASKED = [
  'role_not_found', 'role_arn_malformed', 'duration_over_max', 'role_chaining_duration', 'sts_region_disabled', 'caller_token_expired',
  'caller_key_invalid', 'clock_skew', 'recently_changed',
]

const parts = (arn) => ({ account: arn.split(':')[4], kind: arn.split(':')[5].split('/')[0], name: arn.split('/').at(-1) })

// The version of a managed policy that is in force.
function document(account, arn) {
  const policy = account.policies?.[parts(arn).name]
  return policy?.versions[policy.default_version ?? 'v1']
}

function policies(account, holder) {
  const attached = (holder.attached ?? []).map((arn) => document(account, arn)).filter(Boolean)
  const own = [...Object.values(holder.inline ?? {}), ...attached]
  return own.concat((holder.groups ?? []).flatMap((group) => policies(account, account.groups[group])))
}

function question(all, name, answer) {
  const caller = parts(answer.principal)
  const role = parts(answer.role)
  const account = all.accounts[caller.account]
  const holder = caller.kind === 'user' ? account.users[caller.name] : account.roles[caller.name]
  const credentials = (all.sessions ?? []).find(({ role, user }) => (role ?? user) === answer.principal)
  const named = credentials?.session_name ?? 'session'
  const levels = (all) => (all ?? []).map((level) => ({ policies: Object.values(level.policies).map((policy) => ({ policy })) }))
  const session = `arn:aws:sts::${caller.account}:assumed-role/${caller.name}/${named}`
  const tags = answer.tags ?? {}
  return {
    name: `${name}: ${answer.principal} to ${answer.role}`,
    expected: answer.verdict,
    caller_arn: caller.kind === 'role' ? session : answer.principal,
    role_arn: answer.role,
    trust_policy: all.accounts[role.account].roles[role.name].trust,
    identity_policies: policies(account, holder),
    permission_boundary: holder.boundary ? document(account, holder.boundary) : null,
    session_policy: credentials?.policy ?? null,
    scps: levels(account.scps),
    rcps: levels(all.accounts[role.account].rcps),
    request: { tags, source_identity: answer.source_identity },
    context: {
      'aws:PrincipalArn': answer.principal,
      'aws:PrincipalAccount': caller.account,
      'aws:PrincipalIsAWSService': 'false',
      ...(account.organization ? { 'aws:PrincipalOrgID': account.organization } : {}),
      ...mfa(credentials, answer),
      ...(answer.external_id ? { 'sts:ExternalId': answer.external_id } : {}),
      ...(answer.source_identity ? { 'sts:SourceIdentity': answer.source_identity } : {}),
      ...(Object.keys(tags).length > 0 ? { 'aws:TagKeys': Object.keys(tags) } : {}),
      ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    },
  }
}

// With long-term keys and no code the keys are not there; with temporary credentials one of them always is.
function mfa(credentials, answer) {
  const hours = credentials?.mfa?.match(/^-(\d+)h$/)?.[1]
  const age = answer.mfa ? 0 : hours && Number(hours) * 3600
  if (age !== undefined) return { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': String(age) }
  return credentials ? { 'aws:MultiFactorAuthPresent': 'false' } : {}
}

const edge = (one) =>
  JSON.stringify([
    one.principal, one.role, one.external_id, one.duration_seconds, one.tags, one.source_identity, one.region, one.mfa,
  ])

// The world after a fix: its documents take the place of those of the same name; edges that it does not state answer as before.
function fixed(all, { edits, answers }) {
  const after = structuredClone(all)
  for (const { of, trust, inline, document } of edits) {
    const { account, kind, name } = parts(of)
    if (document) {
      after.accounts[account].policies[name] = { versions: { v1: document } }
      continue
    }
    const holder = after.accounts[account][`${kind}s`][name]
    if (trust) holder.trust = trust
    holder.inline = { ...holder.inline, ...inline }
  }
  const stated = new Set(answers.map(edge))
  return { ...after, answers: [...all.answers.filter((answer) => !stated.has(edge(answer))), ...answers] }
}

const names = readdirSync(folder).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))
const cases = names.flatMap((name) => {
  const all = world(name)
  const asked = (one, title) => (one.answers ?? []).filter(({ cause }) => !UNASKED.includes(cause)).map((answer) => question(one, title, answer))
  return [...asked(all, name), ...(all.fixes ?? []).flatMap((fix) => asked(fixed(all, fix), `${name}, after "${fix.about}"`))]
})

if (process.argv[2] === undefined) {
  for (const one of cases) console.log(JSON.stringify(one))
} else {
  const answers = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  const wrong = cases.filter((one, i) => answers[i]?.verdict !== one.expected)
  for (const one of wrong) console.error(`the reference does not answer ${one.expected} to ${one.name}`)
  console.log(`reference: ${cases.length} stated answers of the demo worlds, ${wrong.length} answered otherwise`)
  process.exitCode = wrong.length === 0 && cases.length > 0 && answers.length === cases.length ? 0 : 1
}
