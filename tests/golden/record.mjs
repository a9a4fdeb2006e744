// What is recorded: node record.mjs join CASES ANSWERS > recorded.ndjson puts cases and the reference's answers together;
// node record.mjs split CASES ANSWERS < recorded.ndjson takes them apart again.
import { readFileSync, writeFileSync } from 'node:fs'

const [, , command, casesFile, answersFile] = process.argv
const lines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n')

if (command === 'join') {
  const answers = lines(answersFile)
  lines(casesFile).forEach((line, i) => process.stdout.write(`{"case":${line},"answer":${answers[i]}}\n`))
} else if (command === 'split') {
  const recorded = lines('/dev/stdin').map((line) => JSON.parse(line))
  const written = (name) => recorded.map((one) => `${JSON.stringify(one[name])}\n`).join('')
  writeFileSync(casesFile, written('case'))
  writeFileSync(answersFile, written('answer'))
} else throw new Error(`there is no ${command}`)
