/** The answers' file in an emitted repository, at its root. */
export const ANSWERS_FILE = 'mcp-deploy.json';

/** The path of the answers' JSON Schema, for editors, from an emitted repository's root. */
export const SCHEMA_LOCATION = './node_modules/create-quilt-mcp-deploy/lib/mcp-deploy.schema.json';
