// A case and its reply through the `soap` package, which knows nothing but the served WSDL.
// Usage: node client.js submit|read BASE_URL < request.json   (the answer is printed as JSON)
const soap = require("soap");

const REGISTRY = 'xmlns:itr="urn:riv:itintegration:registry:1"';
const INTERACTION = { submit: "ProcessCase", read: "GetCaseMessages" };

async function main([verb, base], { logicalAddress, sender, body }) {
  const name = INTERACTION[verb];
  const client = await soap.createClientAsync(`${base}/soap/${name}/1/rivtabp21?wsdl`);
  // RIV-TA puts the header's part first, and this package takes a message's first part for its
  // body. Each call of postProcess uses one part up, so another one finds the real body.
  const { messages, bindings } = client.wsdl.definitions;
  const message = messages[`${name}Request`];
  message.postProcess(client.wsdl.definitions);
  bindings[`${name}ResponderBinding`].methods[name].input = message.element;
  client.addSoapHeader(`<itr:LogicalAddress ${REGISTRY}>${logicalAddress}</itr:LogicalAddress>`);
  client.addHttpHeader("x-vp-sender-id", sender);
  const [answer] = await client[`${name}Async`](body);
  process.stdout.write(JSON.stringify(answer));
}

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () =>
  main(process.argv.slice(2), JSON.parse(input)).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }),
);
