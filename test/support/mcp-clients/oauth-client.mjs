// An MCP client that is ready to sign in by OAuth, made of the official SDK: node oauth-client.mjs NODE_MODULES URL
// Prints in one line how the connection ended.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [packages, url] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(packages, '@modelcontextprotocol/sdk/dist/esm/client', file)));
const { Client } = await load('index.js');
const { StreamableHTTPClientTransport } = await load('streamableHttp.js');

const callback = 'http://localhost:1/callback';
const authProvider = {
  redirectUrl: callback,
  clientMetadata: { client_name: 'a client', redirect_uris: [callback] },
  clientInformation: () => undefined,
  saveClientInformation: () => {},
  tokens: () => undefined,
  saveTokens: () => {},
  redirectToAuthorization: () => {},
  saveCodeVerifier: () => {},
  codeVerifier: () => 'none',
};
const client = new Client({ name: 'a client', version: '1.0.0' });
try {
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }));
  console.log('connected');
} catch (error) {
  console.log(`${error.name}: ${error.message}`.replace(/\s+/g, ' '));
}
process.exit(0);
