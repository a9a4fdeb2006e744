// Puts cases and the reference's answers together: node record.mjs cases.ndjson answers.ndjson > recorded.ndjson
import { readFileSync } from 'node:fs'

const lines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n')
const answers = lines(process.argv[3])
lines(process.argv[2]).forEach((line, i) => process.stdout.write(`{"case":${line},"answer":${answers[i]}}\n`))
