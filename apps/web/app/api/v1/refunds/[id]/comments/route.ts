import { addComment } from "@redress/core/comments/add-comment";
import { listComments } from "@redress/core/comments/list-comments";
import { callerRoute } from "../../../../../../src/access/route.ts";
import { leanComment, viewFor } from "../../../../../../src/rest/agent-view.ts";
import { commentBody, idParams } from "../../../../../../src/rest/input.ts";
import { requestKeyOf } from "../../../../../../src/rest/request-key.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: { refund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, requester, params }) => {
    const comments = await listComments(dependencies, { refundId: params.id });
    return { comments: comments.map((one) => viewFor(requester, one, leanComment)) };
  },
);

/**
 * People on what they may read; an agent on what its own key asked for. The header `Idempotency-Key` makes what is
 * sent again answer the first comment.
 */
export const POST = callerRoute(
  {
    permission: "refunds.read",
    owner: { refund: ({ params }) => params.id },
    params: idParams,
    body: commentBody,
    status: 201,
  },
  async ({ dependencies, requester, params, body, headers, correlationId }) => {
    const comment = await addComment(dependencies, {
      refundId: params.id,
      author: requester,
      text: body.text,
      requestKey: requestKeyOf(headers),
      correlationId,
    });
    return { comment: viewFor(requester, comment, leanComment) };
  },
);
