// Buys a number, waits for its code and finishes it with the npm package `sms-activate`, as its README shows it: its
// address, http://sms-activate.ru, is the one it has compiled in. Usage: node journey.js KEY. Prints the balance before,
// and the code.
const SMSActivate = require('sms-activate')

const WITHIN = 30000

async function journey (client) {
  const balance = await client.getBalance()
  const { id } = await client.getNumber('tg', 0)
  await client.setStatus(id, 1)
  const until = Date.now() + WITHIN
  let code = null
  while (!code) {
    if (Date.now() > until) throw new Error('no code came')
    await new Promise((resolve) => setTimeout(resolve, 500))
    code = await client.getCode(id)
  }
  await client.setStatus(id, 6)
  return [balance, code]
}

journey(new SMSActivate(process.argv[2])).then(
  (told) => console.log(...told),
  (error) => { console.error(`${error.name}: ${error.message}`); process.exitCode = 1 }
)
