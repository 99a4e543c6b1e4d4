import { addComment } from "@redress/core/comments/add-comment";
import { listComments } from "@redress/core/comments/list-comments";
import { callerRoute } from "../../../../../../src/access/route.ts";
import { commentBody, idParams } from "../../../../../../src/rest/input.ts";

export const GET = callerRoute(
  { permission: "refunds.read", owner: { refund: ({ params }) => params.id }, params: idParams },
  async ({ dependencies, params }) => ({
    comments: await listComments(dependencies, { refundId: params.id }),
  }),
);

/** People on what they may read; an agent on what its own key asked for. */
export const POST = callerRoute(
  {
    permission: "refunds.read",
    owner: { refund: ({ params }) => params.id },
    params: idParams,
    body: commentBody,
    status: 201,
  },
  async ({ dependencies, requester, params, body, correlationId }) => ({
    comment: await addComment(dependencies, {
      refundId: params.id,
      author: requester,
      text: body.text,
      correlationId,
    }),
  }),
);
