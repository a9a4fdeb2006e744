// Random access cases, one per line: node generate.mjs COUNT SEED > cases.ndjson
//
// The same seed gives the same cases. Every case carries its whole condition context, so that two evaluators see the same request.
// What is left out on purpose, because AWS does not say or the reference is known not to know (see DISAGREEMENTS.md): operators without
// ForAllValues or ForAnyValue on keys that hold lists, ForAnyValue:…IfExists on an absent key, NotPrincipal lists that name a caller by
// some of its names only, principals of another partition, root callers, resources that are neither ARNs nor "*", unknown operators,
// variables in documents of version 2008-10-17 and before the fifth colon of an ARN, ${*} outside the Like operators, NotIpAddress over
// two kinds of address, keys of one action in questions of several, negated operators and NotResource with a variable that has no value,
// and a session policy where the trust policy of the same account names the session itself.
import { createHash } from 'node:crypto'

const [count, seed] = [Number(process.argv[2] ?? 1000), process.argv[3] ?? '1']

// A stream of random 32-bit words: SHA-256 in counter mode.
let block = Buffer.alloc(0), offset = 0, counter = 0
function random() {
  if (offset === block.length) {
    block = createHash('sha256').update(`${seed}/${counter++}`).digest()
    offset = 0
  }
  offset += 4
  return block.readUInt32LE(offset - 4) / 2 ** 32
}
const chance = (p) => random() < p
const one = (list) => list[Math.floor(random() * list.length)]
const upTo = (most) => 1 + Math.floor(random() * most)
const many = (most, make) => Array.from({ length: upTo(most) }, make)
const few = (list, most = 3) => [...new Set(many(most, () => one(list)))]
// IAM takes one value bare or in a list.
const bare = (list) => (list.length === 1 && chance(0.5) ? list[0] : list)
// The order of an object's keys says nothing.
const shuffled = (object) => Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined).map((e) => [random(), e]).sort((a, b) => a[0] - b[0]).map(([, e]) => e))
const anyCase = (text) => (chance(0.1) ? (chance(0.5) ? text.toLowerCase() : text.toUpperCase()) : text)

const HOME = '123456789012', VENDOR = '210987654321', OTHER = '345678901234'
const user = (account, name) => `arn:aws:iam::${account}:user/${name}`
const role = (account, name) => `arn:aws:iam::${account}:role/${name}`
const session = (account, name, id) => `arn:aws:sts::${account}:assumed-role/${name}/${id}`
const root = (account) => `arn:aws:iam::${account}:root`

const callers = [
  { arn: user(HOME, 'maria'), acts: user(HOME, 'maria'), name: 'maria' },
  { arn: user(HOME, 'division/dev/omar'), acts: user(HOME, 'division/dev/omar'), name: 'omar' },
  { arn: user(VENDOR, 'quinn'), acts: user(VENDOR, 'quinn'), name: 'quinn' },
  { arn: session(HOME, 'Deploy', 'run-42'), acts: role(HOME, 'Deploy') },
  { arn: session(HOME, 'Audit', 'maria@example.com'), acts: role(HOME, 'security/Audit') },
  { arn: session(VENDOR, 'Deploy', 'i-0abc'), acts: role(VENDOR, 'Deploy') },
  { arn: session(OTHER, 'Batch', 'job.7'), acts: role(OTHER, 'jobs/nightly/Batch') },
]
const targets = [role(VENDOR, 'Access'), role(VENDOR, 'tools/Access'), role(HOME, 'Access'), role(HOME, 'tools/read/ReadOnly')]

const account = (arn) => arn.split(':')[4]
const isSession = (arn) => arn.includes(':assumed-role/')

function principals(caller) {
  const near = [caller.arn, caller.acts, account(caller.arn), root(account(caller.arn))]
  const far = [
    user(HOME, 'maria'), user(HOME, 'omar'), user(VENDOR, 'division/dev/omar'), role(HOME, 'Deploy'), role(VENDOR, 'Deploy'), role(HOME, 'security/Audit'),
    session(HOME, 'Deploy', 'run-43'), session(HOME, 'Audit', 'maria@example.com'), session(VENDOR, 'Deploy', 'run-42'), HOME, VENDOR, OTHER, root(HOME), root(OTHER),
    'AROA4ZEXAMPLEEXAMPLE7', 'AIDA4ZEXAMPLEEXAMPLE7', '*',
  ]
  return few(near.concat(far, chance(0.5) ? near : []), 3)
}

function principal(caller) {
  if (chance(0.05)) return '*'
  const named = { AWS: bare(principals(caller)) }
  if (chance(0.08)) named.Service = bare(few(['ec2.amazonaws.com', 'lambda.amazonaws.com']))
  if (chance(0.04)) named.Federated = 'arn:aws:iam::123456789012:saml-provider/Idp'
  if (chance(0.04)) delete named.AWS
  return Object.keys(named).length === 0 ? { Service: 'ecs-tasks.amazonaws.com' } : shuffled(named)
}

// For a Deny that spares whom it lists: a principal is listed under all its names or not at all.
function notPrincipal(caller) {
  const names = (who) => (isSession(who.arn) ? [who.arn, who.acts, root(account(who.arn))] : [who.arn, root(account(who.arn))])
  return { AWS: names(chance(0.5) ? caller : one(callers.filter((who) => account(who.arn) !== account(caller.arn)))) }
}

const actionNames = ['sts:AssumeRole', 'sts:AssumeRole', 'sts:AssumeRole', 'sts:*', '*', 'sts:Assume*', 'sts:*Role', 'sts:Assume??le', 'sts:TagSession', 'sts:SetSourceIdentity',
  'sts:Tag*', 'sts:AssumeRoleWithWebIdentity', 'sts:GetCallerIdentity', 'iam:*', 'sts:*Session']
const actions = (most = 3) => bare(few(actionNames, most).map(anyCase))
const otherActions = () => bare(few(['iam:*', 's3:*', 'sts:AssumeRoleWith*', 'sts:TagSession', 'sts:AssumeRole', 'sts:Get*'], 2))

function resources(target, context) {
  return few(['*', target, target, ...targets, `arn:aws:iam::*:role/*`, `arn:aws:iam::${account(target)}:role/*`, `arn:aws:iam::${account(target)}:role/A*s`,
    `arn:aws:iam::${VENDOR}:role/tools/*`, `arn:*:iam::${HOME}:role/?ccess`, `arn:aws:iam::*:role/tools/\${aws:PrincipalTag/team}`, 'arn:aws:iam::*:role/${aws:PrincipalTag/absent, \'Access\'}',
    'arn:aws:iam::*:role/${aws:PrincipalTag/absent}', 'arn:aws:iam::*:role/*${aws:username}*', `arn:aws:iam::*:role/\${*}`, `arn:aws:s3:::bucket/*`, `arn:aws:iam::*:user/*`,
    ], 3)
}

// Condition keys by kind. `request`: values of a request; `policy`: values of a policy.
const keys = {
  'sts:ExternalId': { kind: 'text', sent: 0.6, request: ['cust-42', 'CUST-42', 'cust-7', 'red'], policy: ['cust-42', 'cust-*', 'cust-?', 'Cust-42', '${aws:PrincipalTag/team}', '*', 'cust-${*}'] },
  'sts:RoleSessionName': { kind: 'text', sent: 1, request: ['maria', 'run-42', 'i-0abc', 'a+b=c'], policy: ['${aws:username}', 'run-*', 'maria', '?????', '*-*', '${aws:username}*', 'a+b=c'] },
  'aws:PrincipalOrgID': { kind: 'text', sent: 0.7, request: ['o-1a2b3c4d5e', 'o-ffffffffff'], policy: ['o-1a2b3c4d5e', 'o-ffffffffff', 'o-*', '${aws:PrincipalOrgID}'] },
  'aws:PrincipalAccount': { kind: 'text', sent: 1, policy: [HOME, VENDOR, OTHER, '*12'] },
  'aws:PrincipalTag/team': { kind: 'text', sent: 0.5, request: ['red', 'ReadOnly', 'a*', ''], policy: ['red', 'Red', 'r*', '${aws:RequestTag/team}', 'a*', 'a${*}', 'blue'] },
  'aws:PrincipalTag/cost center': { kind: 'text', sent: 0.3, request: ['77', '78'], policy: ['77', '7?', "${aws:PrincipalTag/team, 'red'}"] },
  'aws:RequestTag/team': { kind: 'text', policy: ['red', 'blue', '${aws:PrincipalTag/team}', "${aws:PrincipalTag/absent, 'red'}"] },
  'aws:username': { kind: 'text', policy: ['maria', 'omar', 'm*', 'Maria'] },
  'aws:SourceIdentity': { kind: 'text', policy: ['maria', 'om*'] },
  'sts:SourceIdentity': { kind: 'text', policy: ['maria', '${aws:username}', '*'] },
  'aws:RequestedRegion': { kind: 'text', sent: 0.9, request: ['us-east-1', 'eu-central-1'], policy: ['us-east-1', 'eu-*', 'us-east-?'] },
  'aws:MultiFactorAuthPresent': { kind: 'bool', sent: 0.6, request: ['true', 'false'], policy: ['true', 'false', true, false] },
  'aws:SecureTransport': { kind: 'bool', sent: 0.9, request: ['true'], policy: ['true', 'false'] },
  'aws:ViaAWSService': { kind: 'bool', sent: 0.7, request: ['false'], policy: ['true', 'false'] },
  'aws:MultiFactorAuthAge': { kind: 'number', sent: 0.4, request: ['10', '3600', '3599', '86400'], policy: ['3600', '60', 3600, '86400', '3599.5'] },
  'aws:EpochTime': { kind: 'date', sent: 1, request: ['1795262400'], policy: ['1795262400', '1700000000', '1900000000'] },
  'aws:CurrentTime': { kind: 'date', sent: 1, request: ['2026-11-21T12:00:00Z'], policy: ['2026-11-21T12:00:00Z', '2025-01-01T00:00:00Z', '2030-12-31T23:59:59Z', '2026-11-21T13:30:00+01:00', '2026-12-01'] },
  'aws:TokenIssueTime': { kind: 'date', policy: ['2026-11-21T10:00:00Z', '2026-11-21T11:00:00Z', '2020-01-01T00:00:00Z'] },
  'aws:SourceIp': { kind: 'ip', sent: 0.85, request: ['192.0.2.10', '192.0.2.200', '198.51.100.9', '2001:db8:1::7'], policy: ['192.0.2.0/24', '192.0.2.10', '192.0.2.128/25', '198.51.100.0/28', '2001:db8:1::/48', '2001:db8::/32'] },
  'aws:PrincipalArn': { kind: 'arn', sent: 1, policy: [] },
  'aws:TagKeys': { kind: 'list', policy: ['team', 'Team', 'stage', 't*', 'cost?'] },
  'sts:TransitiveTagKeys': { kind: 'list', policy: ['team', 'stage', 's*'] },
  'aws:PrincipalOrgPaths': { kind: 'list', sent: 0.5, policy: ['o-1a2b3c4d5e/*', 'o-1a2b3c4d5e/r-ab12/ou-ab12-11111111/*', 'o-ffffffffff/*'] },
}
const operators = {
  text: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  bool: ['Bool'],
  number: ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'],
  date: ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'],
  ip: ['IpAddress', 'NotIpAddress'],
  arn: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'StringLike', 'StringEquals'],
  list: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'],
}
const arns = (caller) => [caller.acts, role(HOME, '*'), role(HOME, '*/Audit'), `arn:aws:iam::*:user/*`, `arn:*:iam::${VENDOR}:*`, `arn:aws:iam::${HOME}:*/Deploy`, `arn:aws:*:*:*:user/\${aws:username}`, user(HOME, 'mari?')]

// Keys that AWS lists for some of the actions only.
const listed = {
  'sts:TagSession': ['aws:RequestTag/team', 'aws:TagKeys', 'sts:TransitiveTagKeys'],
  'sts:SetSourceIdentity': ['sts:SourceIdentity'],
}
const unlisted = (asked, key) =>
  /^sts:|^aws:(RequestTag|TagKeys)/.test(key) &&
  ((Object.keys(asked.tags).length > 0 && !listed['sts:TagSession'].includes(key)) || (asked.identified && !listed['sts:SetSourceIdentity'].includes(key)))

// A variable of which the context has no value, where no default stands for it.
const lacksVariable = (context, text) => [...String(text).matchAll(/\$\{([a-z][^},]*)\}/gi)].some(([, key]) => !context[key])

const isIpv6 = (text) => text.includes(':')

function condition(caller, { asked, ...context }) {
  const key = one(Object.keys(keys).filter((key) => !unlisted(asked, key))), { kind, policy } = keys[key]
  if (chance(0.1)) return ['Null', anyCase(key), one(['true', 'false', true, false])]
  const value = context[key]
  let operator = one(operators[kind])
  let values = kind === 'arn' ? arns(caller) : policy
  if (!operator.includes('Like')) values = values.filter((one) => !String(one).includes('${*}'))
  if (operator === 'NotIpAddress' && value) values = values.filter((one) => isIpv6(one) === isIpv6(value))
  if (operator.includes('Not')) values = values.filter((one) => !lacksVariable(context, one))
  const chosen = few(typeof value === 'string' && chance(0.35) ? [value, value, ...values] : values, kind === 'bool' ? 1 : 3)
  if (kind === 'list') operator = `${one(['ForAllValues', 'ForAnyValue'])}:${operator}`
  else if (chance(0.2)) operator += 'IfExists'
  return [operator, anyCase(key), bare(chosen)]
}

function conditions(caller, context) {
  const all = {}
  for (const [operator, key, values] of many(3, () => condition(caller, context))) all[operator] = { ...all[operator], [key]: values }
  // One operator holds a key once, letter case ignored.
  for (const operator of Object.values(all)) {
    const seen = new Set()
    for (const key of Object.keys(operator)) seen.has(key.toLowerCase()) ? delete operator[key] : seen.add(key.toLowerCase())
  }
  return all
}

const maybe = (p, make) => (chance(p) ? make() : undefined)

function trustStatement(caller, context) {
  const denies = chance(0.18)
  const spares = denies && chance(0.15)
  return shuffled({
    Effect: denies ? 'Deny' : 'Allow',
    ...(spares ? { NotPrincipal: notPrincipal(caller) } : { Principal: principal(caller) }),
    ...(chance(0.93) ? { Action: actions() } : { NotAction: otherActions() }),
    Condition: maybe(0.5, () => conditions(caller, context)),
  })
}

function statement(caller, target, context, { allow = 0.82, plain = 0.3 } = {}) {
  return shuffled({
    Effect: chance(allow) ? 'Allow' : 'Deny',
    ...(chance(0.9) ? { Action: actions() } : { NotAction: otherActions() }),
    ...(chance(0.93) ? { Resource: bare(resources(target, context)) } : { NotResource: bare(resources(target, context).filter((one) => one !== '*' && !lacksVariable(context, one)).concat('arn:aws:iam::*:role/Nobody')) }),
    Condition: maybe(plain, () => conditions(caller, context)),
  })
}

function document(most, make) {
  const statements = many(most, make)
  const old = chance(0.25) && !JSON.stringify(statements).includes('${')
  return shuffled({ Version: old ? one(['2008-10-17', undefined]) : '2012-10-17', Statement: statements.length === 1 && chance(0.4) ? statements[0] : statements })
}

const everything = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }

function ask() {
  const tags = chance(0.2) ? Object.fromEntries(few(['team', 'stage', 'cost'], 2).map((tag) => [tag, one(['red', 'blue', 'ReadOnly'])])) : {}
  return {
    tags,
    transitive_tag_keys: Object.keys(tags).length > 0 && chance(0.4) ? few(Object.keys(tags)) : [],
    source_identity: chance(0.08) ? one(['maria', 'omar']) : null,
  }
}

// With `asked`, for what follows; a case takes it out again.
function contextOf(caller, asked) {
  const context = { asked }
  for (const [key, { sent, request: values }] of Object.entries(keys)) if (values && chance(sent)) context[key] = one(values)
  context['aws:PrincipalArn'] = caller.acts
  context['aws:PrincipalAccount'] = account(caller.arn)
  if (caller.name) context['aws:username'] = caller.name
  if (isSession(caller.arn) || chance(0.1)) context['aws:TokenIssueTime'] = '2026-11-21T10:00:00Z'
  if (isSession(caller.arn) && chance(0.06)) context['aws:SourceIdentity'] = one(['maria', 'omar'])
  asked.identified = Boolean(asked.source_identity || context['aws:SourceIdentity'])
  if (asked.source_identity) context['sts:SourceIdentity'] = asked.source_identity
  if (Object.keys(asked.tags).length > 0) context['aws:TagKeys'] = Object.keys(asked.tags)
  for (const [tag, value] of Object.entries(asked.tags)) context[`aws:RequestTag/${tag}`] = value
  if (asked.transitive_tag_keys.length > 0) context['sts:TransitiveTagKeys'] = asked.transitive_tag_keys
  if (chance(0.5)) context['aws:PrincipalOrgPaths'] = [one(['o-1a2b3c4d5e/r-ab12/ou-ab12-11111111/', 'o-1a2b3c4d5e/r-ab12/ou-ab12-22222222/', 'o-ffffffffff/r-1/'])]
  return context
}

function accessCase() {
  const caller = one(callers), target = one(targets), asked = ask(), context = contextOf(caller, asked)
  const policy = (most, options) => document(most, () => statement(caller, target, context, options))
  const level = (policies) => ({ policies: policies.map((policy) => ({ policy })) })
  const { asked: { identified, ...request }, ...sent } = context
  const guard = () => ({ Effect: 'Deny', Principal: '*', Action: bare(few(['sts:AssumeRole', 'sts:*', 'sts:TagSession', 's3:*'], 2)), Resource: '*', Condition: conditions(caller, context) })
  const trust = document(3, () => trustStatement(caller, context))
  const namesSession = account(caller.arn) === account(target) && JSON.stringify(trust).includes(caller.arn)
  return {
    caller_arn: caller.arn,
    role_arn: target,
    trust_policy: trust,
    identity_policies: chance(0.12) ? [] : chance(0.35) ? [everything] : many(2, () => policy(3)),
    permission_boundary: chance(0.85) ? null : chance(0.4) ? everything : policy(2, { allow: 0.88 }),
    session_policy: isSession(caller.arn) && !namesSession && chance(0.15) ? policy(2, { allow: 0.88 }) : null,
    scps: chance(0.8) ? [] : many(3, () => level(chance(0.6) ? [everything, policy(1, { allow: 0.5 })] : many(2, () => policy(2)))),
    rcps: chance(0.9) ? [] : many(2, () => level([{ Version: '2012-10-17', Statement: many(2, guard) }])),
    request,
    context: sent,
  }
}

for (let i = 0; i < count; i++) process.stdout.write(`${JSON.stringify(accessCase())}\n`)
