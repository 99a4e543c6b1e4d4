import { agentRoute } from "../../../src/access/agent-route.ts";
import { answerMcp } from "../../../src/mcp/answer-mcp.ts";

/** Without sessions there is nothing to listen to or to end: only POST. */
export const POST = agentRoute(answerMcp);
