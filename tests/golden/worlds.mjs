// The stated answers of the demo worlds, before and after each stated fix, as cases for the reference: node worlds.mjs > cases.ndjson
// With the reference's answers, compares them: node worlds.mjs answers.ndjson
//
// A role that is not there is left out: to the reference every role has a trust policy.
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

function world(name) {
  const { extends: base, ...own } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  // A world's fixes are edits of its own policies.
  return base ? { ...merged(world(base), own), fixes: own.fixes ?? [] } : own
}

const parts = (arn) => ({ account: arn.split(':')[4], kind: arn.split(':')[5].split('/')[0], name: arn.split('/').at(-1) })

function policies(account, holder) {
  const document = (arn) => {
    const policy = account.policies?.[parts(arn).name]
    return policy?.versions[policy.default_version ?? 'v1']
  }
  const own = [...Object.values(holder.inline ?? {}), ...(holder.attached ?? []).map(document).filter(Boolean)]
  return own.concat((holder.groups ?? []).flatMap((group) => policies(account, account.groups[group])))
}

function question(all, name, answer) {
  const caller = parts(answer.principal)
  const role = parts(answer.role)
  const account = all.accounts[caller.account]
  const holder = caller.kind === 'user' ? account.users[caller.name] : account.roles[caller.name]
  const session = `arn:aws:sts::${caller.account}:assumed-role/${caller.name}/session`
  return {
    name: `${name}: ${answer.principal} to ${answer.role}`,
    expected: answer.verdict,
    caller_arn: caller.kind === 'role' ? session : answer.principal,
    role_arn: answer.role,
    trust_policy: all.accounts[role.account].roles[role.name].trust,
    identity_policies: policies(account, holder),
    permission_boundary: null,
    session_policy: null,
    scps: [],
    rcps: [],
    request: {},
    context: {
      'aws:PrincipalArn': answer.principal,
      'aws:PrincipalAccount': caller.account,
      ...(answer.external_id ? { 'sts:ExternalId': answer.external_id } : {}),
    },
  }
}

const edge = ({ principal, role, external_id: id }) => JSON.stringify([principal, role, id])

// The world after a fix: its documents take the place of those of the same name; edges that it does not state answer as before.
function fixed(all, { edits, answers }) {
  const after = structuredClone(all)
  for (const { of, trust, inline } of edits) {
    const { account, kind, name } = parts(of)
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
  const asked = (one, title) => one.answers.filter((answer) => answer.cause !== 'role_not_found').map((answer) => question(one, title, answer))
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
