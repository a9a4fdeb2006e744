// The fixes that rolecall offers, put to the reference: each is applied to its case as a reader of the answer would apply it.
//
//   node cures.mjs apply CASES FIXES > questions.ndjson            one case for every step of every cure, for reference.mjs
//   node cures.mjs compare CASES FIXES ANSWERS                      every step must have the verdict that rolecall states
//   node cures.mjs record CASES FIXES ANSWERS > cures.ndjson        what `cargo test` replays without node
//
// FIXES has one line per case: the list `fixes` as `rolecall explain` gives it.
import { readFileSync } from 'node:fs'

const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const copy = (value) => JSON.parse(JSON.stringify(value))
const tokens = (pointer) => pointer.split('/').slice(1).map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))

// RFC 6902: the four operations that fixes are made of.
function place(whole, path) {
  const last = path.at(-1)
  const parent = path.slice(0, -1).reduce((value, token) => {
    if (!Object.hasOwn(value, token)) throw new Error(`there is no ${path.join('/')}`)
    return value[token]
  }, whole)
  if (parent === null || typeof parent !== 'object') throw new Error(`there is no ${path.join('/')}`)
  return [parent, last]
}

function take(whole, path) {
  const [parent, last] = place(whole, path)
  if (!Object.hasOwn(parent, last)) throw new Error(`there is no ${path.join('/')}`)
  const value = parent[last]
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else delete parent[last]
  return value
}

function put(whole, path, value) {
  const [parent, last] = place(whole, path)
  if (!Array.isArray(parent)) parent[last] = value
  else if (last === '-') parent.push(value)
  else if (Number(last) <= parent.length) parent.splice(Number(last), 0, value)
  else throw new Error(`there is no ${path.join('/')}`)
}

function operate(holder, { op, path, from, value }) {
  const at = ['part', ...tokens(path)]
  if (op === 'remove') take(holder, at)
  else if (op === 'add') put(holder, at, copy(value))
  else if (op === 'move') put(holder, at, take(holder, ['part', ...tokens(from)]))
  else if (op === 'replace') {
    const [parent, last] = place(holder, at)
    if (!Object.hasOwn(parent, last)) throw new Error(`there is no ${path}`)
    parent[last] = copy(value)
  } else throw new Error(`no fix is made of ${op}`)
}

function applied(before, { target, patch }) {
  const { live_error, expected, ...after } = copy(before)
  const [parent, last] = place(after, target.split('/'))
  const holder = { part: parent[last] }
  for (const operation of patch) operate(holder, operation)
  parent[last] = holder.part
  return after
}

// What DISAGREEMENTS.md lists is taken out of a case where an edit may lead into it, so that the reference is asked everything else.
const POLICIES = ['trust_policy', 'identity_policies', 'permission_boundary', 'session_policy', 'scps', 'rcps']
// Takes values out of the conditions of an operator; one without any is gone.
function without(value, operators, isOut) {
  if (value === null || typeof value !== 'object') return
  for (const [operator, keys] of Object.entries(value)) {
    if (!operators.test(operator)) {
      without(keys, operators, isOut)
      continue
    }
    for (const [name, values] of Object.entries(keys)) {
      const kept = [values].flat().filter((one) => !isOut(name.toLowerCase(), String(one)))
      if (kept.length === [values].flat().length) continue
      if (kept.length > 0) keys[name] = kept
      else delete keys[name]
    }
    if (Object.keys(keys).length === 0) delete value[operator]
  }
}

const LISTED = {
  // Ranges of the other kind than the caller's address: they hold, as AWS says; to the reference they fail.
  'NotIpAddress over two kinds of address': (whole) => {
    const address = Object.entries(whole.context ?? {}).find(([name]) => name.toLowerCase() === 'aws:sourceip')?.[1]
    if (typeof address !== 'string') return
    const isOther = (key, range) => key === 'aws:sourceip' && range.includes(':') !== address.includes(':')
    for (const part of POLICIES) without(whole[part], /^NotIpAddress(IfExists)?$/i, isOther)
  },
  // Values that no value equals: negated operators hold, as AWS says; to the reference they fail.
  'a negated operator with a variable that has no value': (whole) => {
    const known = new Set(Object.keys(whole.context ?? {}).map((key) => key.toLowerCase()))
    const lacks = (_, text) => [...text.matchAll(/\$\{([a-z][^},]*)\}/gi)].some(([, key]) => !known.has(key.toLowerCase()))
    for (const part of POLICIES) without(whole[part], /^(String|Arn)Not\w+$/i, lacks)
  },
  // An added tag or source identity asks for a second action; keys that AWS lists for another are given a name that holds for all.
  'a key of one action in a question of several': (whole) => {
    const { tags } = whole.request
    const identity = whole.request.source_identity ?? whole.context?.['sts:SourceIdentity'] ?? whole.context?.['aws:SourceIdentity']
    if (Object.keys(tags ?? {}).length === 0 && !identity) return
    const keys = new RegExp(identity ? '\\b(sts:(?:ExternalId|RoleSessionName|SourceIdentity)|aws:RequestTag/\\w+)\\b' : '\\b(sts:(?:ExternalId|RoleSessionName|SourceIdentity))\\b', 'gi')
    for (const part of [...POLICIES, 'context'])
      if (whole[part]) whole[part] = JSON.parse(JSON.stringify(whole[part]).replace(keys, (name) => `aws:PrincipalTag/${name.toLowerCase().replace(/[:/]/g, '-')}`))
  },
}

// The case without what is listed, and which of that it had.
function unlisted(whole) {
  const listed = []
  let other = whole
  for (const [name, change] of Object.entries(LISTED)) {
    const changed = copy(other)
    change(changed)
    if (JSON.stringify(changed) === JSON.stringify(other)) continue
    listed.push(name)
    other = changed
  }
  return { listed: listed.join('; '), other: listed.length > 0 ? other : null }
}

// Every step: the case after that fix and those before it, what rolecall states, and the case without what is listed.
function* steps(cases, fixes) {
  for (const [index, offered] of fixes.entries()) {
    let current = cases[index]
    for (const [step, fix] of offered.entries()) {
      current = applied(current, fix)
      yield { index, step, current, stated: fix.turns_verdict_to, ...unlisted(current) }
    }
  }
}

const [, , command, casesFile, fixesFile, answersFile] = process.argv
const cases = lines(casesFile), fixes = lines(fixesFile)
if (cases.length !== fixes.length) throw new Error(`${cases.length} cases and fixes for ${fixes.length}`)

if (command === 'apply') {
  for (const { current, other } of steps(cases, fixes)) {
    console.log(JSON.stringify(current))
    if (other) console.log(JSON.stringify(other))
  }
} else if (command === 'compare' || command === 'record') {
  const answers = lines(answersFile)[Symbol.iterator]()
  const next = () => answers.next().value?.verdict
  const recorded = new Map(), parted = {}, wrong = []
  let count = 0, apart = 0
  for (const { index, step, current, stated, listed, other } of steps(cases, fixes)) {
    const verdict = next(), otherwise = other ? next() : verdict
    count++
    const line = recorded.get(index) ?? { case: index, fixes: fixes[index].map(({ target, patch }) => ({ target, patch })), verdicts: [] }
    recorded.set(index, line)
    line.verdicts.push(verdict)
    if (verdict === stated) continue
    if (otherwise === stated) {
      apart++
      parted[listed] = (parted[listed] ?? 0) + 1
      line.listed = listed
    } else wrong.push({ index, step, stated, verdict, case: current })
  }
  if (!answers.next().done) throw new Error('there are more answers than questions')
  for (const one of wrong.slice(0, 5)) {
    const patches = fixes[one.index].map(({ target, patch }) => ({ target, patch }))
    console.error(`the reference answers ${one.verdict}, rolecall states ${one.stated}, after fix ${one.step + 1} of ${JSON.stringify(patches)}:\n${JSON.stringify(one.case)}`)
  }
  console.error(`reference: ${recorded.size} cures of ${cases.length} cases in ${count} steps, ${wrong.length} answered otherwise`)
  for (const [listed, times] of Object.entries(parted)) console.error(`reference: ${times} of them part as DISAGREEMENTS.md lists: ${listed}`)
  if (command === 'record') for (const line of recorded.values()) console.log(JSON.stringify(line))
  // Differences that are listed are rare; many of them would hide something else.
  process.exitCode = wrong.length === 0 && recorded.size > 0 && apart * 100 <= count ? 0 : 1
} else throw new Error(`there is no ${command}`)
