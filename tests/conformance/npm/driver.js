// Drives the npm package `sms-activate`, unmodified, for a wrapper in another language: one JSON line in
// ({"method", "arguments"}), one JSON line out ({"value"} or {"error": {"name", "message"}}). Knows no case.
//
// Arguments: the API key and the address. The package has its address in its axios session, which is a public
// property of its client.
const readline = require('node:readline')
const SMSActivate = require('sms-activate')

const [key, address] = process.argv.slice(2)
const client = new SMSActivate(key)
client.session.defaults.baseURL = address

async function answer ({ method, arguments: given }) {
  try {
    return { value: await client[method](...given) }
  } catch (error) {
    return { error: { name: error.name, message: error.message } }
  }
}

async function serve () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n')
  }
}

serve()
