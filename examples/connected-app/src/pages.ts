import { html } from "hono/html";
import type { Order } from "./orders.ts";

type Html = ReturnType<typeof html>;

function layout(shop: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${shop}</title>
        <style>
          :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
          body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
          h1 { font-size: 1.4rem; }
          table { border-collapse: collapse; width: 100%; }
          th, td { text-align: left; padding: 0.45rem 0.6rem 0.45rem 0; border-bottom: 1px solid #8884; }
          .course { border: 1px solid #8886; border-radius: 0.6rem; padding: 0.9rem 1.1rem; margin: 0.8rem 0; }
          .course[data-access="no"] { border-color: #c33; }
          .course strong { display: block; }
          small { color: #888; }
        </style>
      </head>
      <body>
        <h1><a href="/" style="color:inherit;text-decoration:none">${shop}</a></h1>
        ${body}
      </body>
    </html>`;
}

export function frontPage(shop: string, orders: readonly Order[]): Html {
  return layout(
    shop,
    html`<p>${orders.length} orders. Open a customer's page to see which courses they can enter.</p>
      <table>
        <thead><tr><th>Customer</th><th>Course</th><th>Access</th></tr></thead>
        <tbody>
          ${orders.slice(0, 200).map(
            (order) => html`<tr>
              <td><a href="/customers/${encodeURIComponent(order.email)}">${order.name}</a></td>
              <td>${order.course}</td>
              <td>${order.access ? "✓ yes" : "✕ revoked"}</td>
            </tr>`,
          )}
        </tbody>
      </table>`,
  );
}

export function customerPage(shop: string, email: string, orders: readonly Order[]): Html {
  return layout(
    shop,
    html`<p>Signed in as ${orders[0]?.name ?? email} (${email})</p>
      ${orders.map(
        (
          order,
        ) => html`<div class="course" data-access="${order.access ? "yes" : "no"}" data-charge="${order.chargeId}">
          <strong>${order.course}</strong>
          ${order.access ? html`<span>✓ You have access. Enjoy the course.</span>` : html`<span>✕ Access revoked</span>`}
          ${order.accessReason === null ? "" : html`<small>${order.accessReason}</small>`}
          <small>Order ${order.orderNumber}</small>
        </div>`,
      )}`,
  );
}
