export const mcpHelp = `Connects a program that speaks MCP over standard input and output to a running desk.

Usage
  REDRESS_KEY=redress_agent_… npm run --silent redress -- mcp [--url <address>]

Options
  --url <address>  of the desk; REDRESS_URL, or http://localhost:3000, unless told. https, but on this machine
  --help           this text

The key is an agent's, made by an administrator: see docs/agents.md. It is read from REDRESS_KEY only, since
other users of a machine can see the words of a command. Nothing else of the server's configuration is needed.

Programs that speak MCP over HTTP need no such command: they connect to <address>/api/mcp themselves.
`;
