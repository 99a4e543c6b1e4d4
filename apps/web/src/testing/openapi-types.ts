// Made by npm run openapi.
export interface paths {
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for a person
         * @description Permission: `refunds.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List apps
         * @description Permission: `apps.read`, of a signed-in person. No key opens this.
         */
        get: operations["getApps"];
        put?: never;
        /**
         * Add an app
         * @description Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postApps"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One app
         * @description Permission: `apps.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAppsBySlug"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an app's settings
         * @description Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        patch: operations["patchAppsBySlug"];
        trace?: never;
    };
    "/api/v1/apps/{slug}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell that access was revoked, given back, or will not be
         * @description The same message again changes nothing more.
         *
         *     Signed with the app's notification secret, as Standard Webhooks says.
         */
        post: operations["postAppsBySlugAccess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/customer-mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an app's customers are written to
         * @description Permission: `apps.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAppsBySlugCustomerMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change what an app's customers are written to
         * @description What is left out stays. `subject` or `body` of null: the desk's own words. An unknown placeholder is refused. It counts for what happens to refunds from now on.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        patch: operations["patchAppsBySlugCustomerMail"];
        trace?: never;
    };
    "/api/v1/apps/{slug}/customer-mail/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A draft as a customer would read it
         * @description With made-up facts; nothing is kept or sent. What is left out is as it is now.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugCustomerMailPreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/events/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in what no webhook told
         * @description Permission: `connections.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugEventsPull"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far the import of an account's charges has come
         * @description Permission: `apps.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAppsBySlugImport"];
        put?: never;
        /**
         * Import an account's charges once more
         * @description Goes on by itself, at a fifth of what Stripe allows. While one runs, that one is answered, with `resumed: true`. What is there already is brought up to date, and counted again.
         *
         *     Permission: `connections.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/notification-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an app a new notification secret
         * @description The one before it stays good for a day, unless `endPrevious`.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugNotificationSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a signed ping to an app's address
         * @description Once, without trying again; answers within 15 seconds what the app answered.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugPing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The policy that judges an app's requests
         * @description Permission: `apps.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAppsBySlugPolicy"];
        /**
         * Put an app's policy in force
         * @description `policy: null` has the app follow the desk's.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        put: operations["putAppsBySlugPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/policy/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a draft on past requests
         * @description Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugPolicyDryRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/portal-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The links for an app's developers
         * @description Ended ones too, newest first, at most 100.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        get: operations["getAppsBySlugPortalLinks"];
        put?: never;
        /**
         * Make a link for an app's developer
         * @description It opens once, in one browser, and shows this app's notifications until it expires. It ends when its maker may not manage the app any more.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugPortalLinks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/portal-links/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a link for an app's developer
         * @description Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugPortalLinksByIdRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/purchases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell which product a purchase was of
         * @description The same message again changes nothing more.
         *
         *     Signed with the app's notification secret, as Standard Webhooks says.
         */
        post: operations["postAppsBySlugPurchases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let refunds of an app run again
         * @description Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{slug}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop all refunds of an app
         * @description From then on nothing that creates a refund is begun for it. Stopping twice keeps the first reason.
         *
         *     Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postAppsBySlugStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log, newest first
         * @description Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log as a file
         * @description `format`: csv, or jsonl with one entry a line. Oldest first, of the apps whose log one may read.
         *
         *     Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAuditExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the log's chain is whole
         * @description Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getAuditVerify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List bulk refunds
         * @description `status`: one, or several separated by commas. Newest first.
         *
         *     Permission: `refunds.read`, of a signed-in person or an agent's key.
         */
        get: operations["getBulkRefunds"];
        put?: never;
        /**
         * Ask for many refunds of an app as one list
         * @description Exactly one of `rows`, `csv` (head line `purchase` or `charge`, `payment_intent`, `order_number`; optionally `amount` with `currency`, written with all decimals: `49.00`) and `filter` (the words of a search of purchases). Every line is judged by itself in the background, then people approve exactly that list.
         *
         *     Permission: `refunds.request`, of a signed-in person or an agent's key.
         */
        post: operations["postBulkRefunds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A bulk refund with its progress
         * @description Permission: `refunds.read`, of a signed-in person or an agent's key.
         */
        get: operations["getBulkRefundsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve exactly this list
         * @description Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postBulkRefundsByIdApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up what is left of it
         * @description What Stripe was asked for already stays and is finished.
         *
         *     Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postBulkRefundsByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its lines
         * @description Permission: `refunds.read`, of a signed-in person. No key opens this.
         */
        get: operations["getBulkRefundsByIdItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop its run between two lines
         * @description Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postBulkRefundsByIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject it
         * @description Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postBulkRefundsByIdReject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its result as CSV
         * @description Every line with what became of it, as it is at that moment.
         *
         *     Permission: `refunds.read`, of a signed-in person. No key opens this.
         */
        get: operations["getBulkRefundsByIdResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let it go on
         * @description Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postBulkRefundsByIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk-refunds/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take it back before it is approved
         * @description Permission: `refunds.withdraw`, of a signed-in person or an agent's key.
         */
        post: operations["postBulkRefundsByIdWithdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages whose work failed for good
         * @description Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a dead message again
         * @description Permission: `connections.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postDeadLettersByIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What apps were told
         * @description Newest first, each with its last attempt.
         *
         *     Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the messages of a window again
         * @description `dryRun` counts. Without it each call sends a hundred; the same call goes on until `done`.
         *
         *     Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postDeliveriesResend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One message to an app with all attempts
         * @description Signatures, cookies and other headers that may hold a secret are hidden.
         *
         *     Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getDeliveriesById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to an app again
         * @description Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postDeliveriesByIdResend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List open disputes
         * @description Purchases with an open dispute, the one whose evidence is due first before all others; those that want no evidence now come last. `app`: a slug.
         *
         *     Permission: `purchases.read`, of a signed-in person. No key opens this.
         */
        get: operations["getDisputes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/embed-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The keys of helpdesks
         * @description Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        get: operations["getEmbedKeys"];
        put?: never;
        /**
         * Make a key for a helpdesk
         * @description Whoever has its secret can look and ask in the name of every operator. It decides in nobody's name.
         *
         *     Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postEmbedKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/embed-keys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a helpdesk's key
         * @description Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postEmbedKeysByIdRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/embed-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a helpdesk's key a new secret
         * @description The one before it is believed for a day, unless `endPrevious`.
         *
         *     Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postEmbedKeysByIdRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What came in from Stripe
         * @description Newest first, without customers' data. A part may hold fewer than `limit`, even none.
         *
         *     Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the events of a window handled again
         * @description `dryRun` counts. Without it the same call goes on until `done`.
         *
         *     Permission: `connections.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postEventsReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One event with all that it led to
         * @description `payload=true` adds the body, with personal data in it.
         *
         *     Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getEventsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have an event handled again
         * @description Permission: `connections.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postEventsByIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/purchases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Purchases as a file
         * @description CSV, newest first, found like the list of purchases: `query` takes the same words, `app` a slug. Amounts in the smallest unit (`…_minor`) and as a decimal: what was paid, what Stripe has returned, and what is left to refund. It holds customers' names and addresses.
         *
         *     Permission: `purchases.read`, of a signed-in person. No key opens this.
         */
        get: operations["getExportsPurchases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What refunds moved, for accounting
         * @description CSV, oldest first: a line for each refund that Stripe has (`kind` refund), and another for one that came back (`failure`). `app`: a slug; `month`: in UTC, such as 2026-11, by when Stripe booked it; `currency`: of the refund. Amounts are signed, in the smallest unit (`…_minor`) and as a decimal; those of the balance transaction are empty until they were read from Stripe.
         *
         *     Permission: `refunds.read`, of a signed-in person. No key opens this.
         */
        get: operations["getExportsRefunds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which key was sent, and what it may do now
         * @description For any key.
         */
        get: operations["getKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List keys
         * @description Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        get: operations["getKeys"];
        put?: never;
        /**
         * Make a key for a program
         * @description Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a key at once
         * @description Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postKeysByIdRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new secret for a key of one's own
         * @description Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postKeysByIdRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say where the program of one's own key is told of its refunds
         * @description Permission: `keys.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postKeysByIdWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description For everybody.
         */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List people
         * @description Permission: `operators.manage`, of a signed-in person. No key opens this.
         */
        get: operations["getOperators"];
        put?: never;
        /**
         * Make a colleague's account
         * @description Permission: `operators.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postOperators"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The desk's policy
         * @description For apps that have none of their own.
         *
         *     Permission: `apps.read`, of a signed-in person. No key opens this.
         */
        get: operations["getPolicy"];
        /**
         * Put the desk's policy in force
         * @description Permission: `apps.manage`, of a signed-in person. No key opens this.
         */
        put: operations["putPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Refunds that the desk proposes
         * @description Permission: `refunds.read`, of a signed-in person. No key opens this.
         */
        get: operations["getProposals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/proposals/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for the proposed refund
         * @description The same call again is answered with the same refund.
         *
         *     Permission: `refunds.request`, of a signed-in person. No key opens this.
         */
        post: operations["postProposalsByIdAccept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/proposals/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide against the proposed refund
         * @description Permission: `refunds.request`, of a signed-in person. No key opens this.
         */
        post: operations["postProposalsByIdDismiss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/purchases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search purchases
         * @description `query`: e-mail address, name, order number, charge, payment intent, customer, the card's last four digits, amount (`49.00eur`, `amount:10..50`) or date (`2026-11-01`, `since:2026-10`, UTC); several words must all match. Newest first.
         *
         *     Permission: `purchases.read`, of a signed-in person or an agent's key.
         */
        get: operations["getPurchases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/purchases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One purchase with its refunds
         * @description Permission: `purchases.read`, of a signed-in person or an agent's key.
         */
        get: operations["getPurchasesById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/purchases/{id}/refund-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What would become of a refund request
         * @description The verdict of the policy and why, before asking. Writes nothing and promises nothing: a request is judged anew.
         *
         *     Permission: `purchases.read`, of a signed-in person or an agent's key.
         */
        get: operations["getPurchasesByIdRefundPolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the books of each app stand
         * @description Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getReconciliation"];
        put?: never;
        /**
         * Compare an app's books with Stripe now
         * @description The same question while it runs is the same run.
         *
         *     Permission: `connections.manage`, of a signed-in person. No key opens this.
         */
        post: operations["postReconciliation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconciliation/drifts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What differed between the books and Stripe
         * @description Permission: `audit.read`, of a signed-in person. No key opens this.
         */
        get: operations["getReconciliationDrifts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document as a page
         * @description For everybody.
         */
        get: operations["getReference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List refunds
         * @description `status`: one, or several separated by commas. Newest first.
         *
         *     Permission: `refunds.read`, of a signed-in person or an agent's key.
         */
        get: operations["getRefunds"];
        put?: never;
        /**
         * Ask for a refund
         * @description What the policy allows is made, what it refuses is rejected, the rest waits for a person (`awaiting_approval`). Amounts are in the currency's smallest unit; without one all that is left is meant. From agents, what equals an open refund or one of the last 7 days is answered with that one.
         *
         *     Permission: `refunds.request`, of a signed-in person or an agent's key.
         */
        post: operations["postRefunds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of a refund
         * @description Permission: `refunds.read`, of a signed-in person or an agent's key.
         */
        get: operations["getRefundsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve
         * @description Never with a key, and never by who asked for it. Where the policy wants several people, `approvalsMissing` says how many are still needed.
         *
         *     Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postRefundsByIdApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was said about a refund
         * @description Permission: `refunds.read`, of a signed-in person or an agent's key.
         */
        get: operations["getRefundsByIdComments"];
        put?: never;
        /**
         * Say something about a refund
         * @description People on what they may read; a key on what it asked for itself. With an `Idempotency-Key`, what is sent again answers the first comment.
         *
         *     Permission: `refunds.read`, of a signed-in person or an agent's key.
         */
        post: operations["postRefundsByIdComments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject
         * @description Never with a key. The first decision counts.
         *
         *     Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postRefundsByIdReject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds/{id}/supersede": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put another refund in the place of one whose error Stripe keeps
         * @description Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postRefundsByIdSupersede"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds/{id}/take-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back an approval
         * @description One's own, while the request still waits for others.
         *
         *     Permission: `refunds.decide`, of a signed-in person. No key opens this.
         */
        post: operations["postRefundsByIdTakeBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/refunds/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a request back
         * @description Taking it back twice is no error. An agent takes back only what its own key asked for.
         *
         *     Permission: `refunds.withdraw`, of a signed-in person or an agent's key.
         */
        post: operations["postRefundsByIdWithdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        App: {
            id: string;
            slug: string;
            name: string;
            connection: ({
                stripeAccountId: string;
                livemode: boolean;
            } & {
                [key: string]: unknown;
            }) | null;
            refundsStopped: {
                /** Format: date-time */
                at: string;
                by: string;
                byName: string | null;
                reason: string;
            } | null;
            notificationUrl: string | null;
            revokeAccessOnPartialRefund: boolean;
            /** @description Refunds asked for from now on give the platform's fee back. */
            refundApplicationFee: boolean;
            approvalRules: {
                amount: number;
                currency: string;
            }[] | null;
            policy: {
                version: number;
                isDefault: boolean;
            };
        };
        AuditEntry: {
            id: number;
            /** Format: date-time */
            at: string;
            actorKind: string;
            actorId: string;
            action: string;
        };
        BulkRefund: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            /** @enum {string} */
            status: "preparing" | "awaiting_approval" | "running" | "paused" | "finished" | "canceled" | "rejected" | "withdrawn" | "expired";
            /** @enum {string} */
            source: "rows" | "csv" | "filter";
            reason: string;
            /** Format: date-time */
            requestedAt: string;
            expiresAt: string | null;
            finishedAt: string | null;
            itemCount: number;
            lines: {
                [key: string]: components["schemas"]["Tally"];
            };
            reasons: {
                code: string;
                count: number;
            }[];
            refunds: {
                /** @enum {string} */
                status: "requested" | "awaiting_approval" | "approved" | "executing" | "pending" | "requires_action" | "succeeded" | "failed" | "canceled" | "refused" | "blocked" | "rejected" | "expired" | "withdrawn" | "superseded";
                count: number;
                amounts: {
                    amount: number;
                    currency: string;
                }[];
            }[];
            pausedCode: ("person" | "app_not_connected" | "refunds_stopped" | "approver_gone") | null;
            approversNeeded: number;
            filter: string | null;
            note: string | null;
            requestedBy: {
                kind: string;
                id: string;
                name: string | null;
            };
            /** @description Stands for exactly this list: send it with the decision. */
            listHash: string | null;
            /** @enum {string} */
            approverRole: "approver" | "admin";
            approvedBy: {
                kind: string;
                id: string;
                name: string | null;
            }[];
            /** @description Who approved it last, or rejected it. */
            decidedBy: {
                kind: string;
                id: string;
                name: string | null;
            } | null;
            decidedAt: string | null;
            decisionNote: string | null;
        };
        BulkRefundForAgent: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            /** @enum {string} */
            status: "preparing" | "awaiting_approval" | "running" | "paused" | "finished" | "canceled" | "rejected" | "withdrawn" | "expired";
            /** @enum {string} */
            source: "rows" | "csv" | "filter";
            reason: string;
            /** Format: date-time */
            requestedAt: string;
            expiresAt: string | null;
            finishedAt: string | null;
            itemCount: number;
            lines: {
                [key: string]: components["schemas"]["Tally"];
            };
            reasons: {
                code: string;
                count: number;
            }[];
            refunds: {
                /** @enum {string} */
                status: "requested" | "awaiting_approval" | "approved" | "executing" | "pending" | "requires_action" | "succeeded" | "failed" | "canceled" | "refused" | "blocked" | "rejected" | "expired" | "withdrawn" | "superseded";
                count: number;
                amounts: {
                    amount: number;
                    currency: string;
                }[];
            }[];
            pausedCode: ("person" | "app_not_connected" | "refunds_stopped" | "approver_gone") | null;
            approversNeeded: number;
        };
        BulkRefundLine: {
            position: number;
            handle: string;
            /** @enum {string} */
            status: "listed" | "ready" | "left_out" | "requested" | "dropped" | "canceled";
            code: string | null;
            explanation: string | null;
            purchaseId: string | null;
            charge: string | null;
            orderNumber: string | null;
            customerEmail: string | null;
            productName: string | null;
            amount: number | null;
            currency: string | null;
            refundId: string | null;
            refundStatus: ("requested" | "awaiting_approval" | "approved" | "executing" | "pending" | "requires_action" | "succeeded" | "failed" | "canceled" | "refused" | "blocked" | "rejected" | "expired" | "withdrawn" | "superseded") | null;
            stripeRefundId: string | null;
            bankReference: string | null;
            failureReason: string | null;
            refusedCode: string | null;
        };
        Comment: {
            id: string;
            number: number;
            by: {
                kind: string;
                id: string;
                name: string | null;
            };
            /** Format: date-time */
            at: string;
            text: string | null;
        };
        CommentForAgent: {
            id: string;
            number: number;
            /** @enum {string} */
            by: "operator" | "agent";
            /** Format: date-time */
            at: string;
            text: string | null;
        };
        CustomerMail: {
            /**
             * @description How mail leaves this desk. `none`: nothing is sent, whatever is wanted.
             * @enum {string}
             */
            delivery: "smtp" | "log" | "none";
            /** @description How amounts and dates are written. */
            locale: string;
            replyTo: string | null;
            /** @description What a template can say, as `{{name}}` or `{{name|instead}}`. */
            placeholders: string[];
            started: {
                /** @description Whether it is sent. */
                wanted: boolean;
                subject: string;
                body: string;
                /** @description The desk's own words. */
                isDefault: {
                    subject: boolean;
                    body: boolean;
                };
            };
            succeeded: {
                /** @description Whether it is sent. */
                wanted: boolean;
                subject: string;
                body: string;
                /** @description The desk's own words. */
                isDefault: {
                    subject: boolean;
                    body: boolean;
                };
            };
            failed: {
                /** @description Whether it is sent. */
                wanted: boolean;
                subject: string;
                body: string;
                /** @description The desk's own words. */
                isDefault: {
                    subject: boolean;
                    body: boolean;
                };
            };
        };
        DeliveryAttempt: {
            id: string;
            number: number;
            url: string;
            /** Format: date-time */
            startedAt: string;
            finishedAt: string | null;
            requestHeaders: {
                [key: string]: string;
            } | null;
            responseHeaders: {
                [key: string]: string;
            } | null;
            /** @description The first kilobytes. */
            responseBody: string | null;
            httpStatus: number | null;
            errorCode: string | null;
            errorMessage: string | null;
        };
        EmbedKey: {
            id: string;
            name: string;
            /** @description The only sites that may frame the panel. */
            origins: string[];
            apps: string[] | "all";
            createdBy: {
                id: string;
                name: string;
            };
            /** Format: date-time */
            createdAt: string;
            /** @description Until when the secret before the present one is believed. */
            previousUntil: string | null;
            revokedAt: string | null;
        };
        Event: {
            id: string;
            type: string;
            /** @enum {string} */
            status: "received" | "handled" | "ignored" | "failed";
            labels: string[];
            /** Format: date-time */
            receivedAt: string;
        };
        FoundPurchase: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            stripeChargeId: string;
            /** @description In the currency's smallest unit. */
            amountCaptured: number;
            /** @description In the currency's smallest unit. */
            amountRefunded: number;
            /** @description In the currency's smallest unit. */
            amountLeft: number;
            currency: string;
            customerEmail: string | null;
            customerName: string | null;
            /** @description Who bought, told apart by an id. */
            customer: {
                stripeCustomerId: string | null;
                /** @description The app's own id of the customer, as it reported it. */
                appCustomerId: string | null;
                /** @description Other customers of the app with the same address. */
                othersWithEmail: number;
            };
            productName: string | null;
            orderNumber: string | null;
            paymentMethod: {
                brand: string;
                last4: string | null;
            } | null;
            /** Format: date-time */
            purchasedAt: string;
            access: string;
            disputeStatus: string | null;
            /** @description What of it answered the search. */
            matchedBy: ("email" | "name" | "order_number" | "last4" | "charge" | "payment_intent" | "customer" | "purchase" | "amount" | "date")[];
            /** @description Nothing but an e-mail address or a name led to it, which anybody may know. */
            unverified: boolean;
        };
        Import: {
            id: string;
            stripeAccountId: string;
            /** @enum {string} */
            status: "running" | "done" | "failed" | "stopped";
            /** @description Of the account's history, from 0 to 1; a guess until its beginning is found. */
            progress: number;
            pageCount: number;
            /** @description Charges listed. */
            chargeCount: number;
            /** @description Those that took money, and are purchases now. */
            importedCount: number;
            error: string | null;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            updatedAt: string;
            finishedAt: string | null;
        };
        Key: {
            id: string;
            name: string;
            owner: {
                id: string;
                name: string;
            };
            permissions: string[];
            apps: string[] | "all";
            ratePerMinute: number;
            webhook: {
                url: string;
                lastOutcome: string | null;
                lastAt: string | null;
            } | null;
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
            revokedAt: string | null;
            lastUsedAt: string | null;
            secrets: {
                prefix: string;
                /** Format: date-time */
                createdAt: string;
                endsAt: string | null;
                lastUsedAt: string | null;
            }[];
        };
        OwnKey: {
            id: string;
            name: string;
            ratePerMinute: number;
            /** Format: date-time */
            expiresAt: string;
            /** @description What it may do now: no more than its owner may at this moment. */
            permissions: ("purchases.read" | "refunds.read" | "refunds.request" | "refunds.withdraw")[];
            apps: {
                slug: string;
                name: string;
                isConnected: boolean;
            }[];
        };
        Ping: {
            notificationId: string;
            /** @description The app took it with a 2xx. */
            ok: boolean;
            url: string;
            /** Format: date-time */
            sentAt: string;
            answeredAt: string | null;
            httpStatus: number | null;
            responseBody: string | null;
            errorCode: string | null;
            /** @description Why it failed and what to do. */
            message: string | null;
        };
        Policy: {
            /** @description 0: nobody has set one. */
            version: number;
            followsDesk: boolean;
            policy: {
                rules: ({
                    verdict: string;
                } & {
                    [key: string]: unknown;
                })[];
            } & {
                [key: string]: unknown;
            };
        };
        PolicyDocument: {
            rules: ({
                name?: string;
                when: {
                    amount?: {
                        above?: number;
                        atMost?: number;
                        currency: string;
                    }[];
                    currency?: string[];
                    ageInDays?: {
                        above?: number;
                        atMost?: number;
                    };
                    product?: string[];
                    earlierRefunds?: {
                        withinDays: number;
                        count?: {
                            above?: number;
                            atMost?: number;
                        };
                        amount?: {
                            above?: number;
                            atMost?: number;
                            currency: string;
                        }[];
                    };
                    reason?: string[];
                    requester?: ("person" | "agent")[];
                    dispute?: ("none" | "open" | "won" | "lost")[];
                };
                /** @constant */
                verdict: "allow";
            } | {
                name?: string;
                when: {
                    amount?: {
                        above?: number;
                        atMost?: number;
                        currency: string;
                    }[];
                    currency?: string[];
                    ageInDays?: {
                        above?: number;
                        atMost?: number;
                    };
                    product?: string[];
                    earlierRefunds?: {
                        withinDays: number;
                        count?: {
                            above?: number;
                            atMost?: number;
                        };
                        amount?: {
                            above?: number;
                            atMost?: number;
                            currency: string;
                        }[];
                    };
                    reason?: string[];
                    requester?: ("person" | "agent")[];
                    dispute?: ("none" | "open" | "won" | "lost")[];
                };
                /** @constant */
                verdict: "ask";
                /** @default 1 */
                approvers: number;
                /**
                 * @default approver
                 * @enum {string}
                 */
                role: "approver" | "admin";
            } | {
                name?: string;
                when: {
                    amount?: {
                        above?: number;
                        atMost?: number;
                        currency: string;
                    }[];
                    currency?: string[];
                    ageInDays?: {
                        above?: number;
                        atMost?: number;
                    };
                    product?: string[];
                    earlierRefunds?: {
                        withinDays: number;
                        count?: {
                            above?: number;
                            atMost?: number;
                        };
                        amount?: {
                            above?: number;
                            atMost?: number;
                            currency: string;
                        }[];
                    };
                    reason?: string[];
                    requester?: ("person" | "agent")[];
                    dispute?: ("none" | "open" | "won" | "lost")[];
                };
                /** @constant */
                verdict: "refuse";
                reason: string;
            })[];
            /** @default [] */
            budgets: {
                /** @enum {string} */
                per: "app" | "agent" | "customer";
                /** @enum {string} */
                period: "day" | "month";
                limit: {
                    amount: number;
                    currency: string;
                };
            }[];
            reminders?: {
                afterHours: number;
                escalateAfterHours: number;
            };
            reasons?: {
                code: string;
                label: string;
                stripe: ("requested_by_customer" | "duplicate" | "fraudulent") | null;
            }[];
        };
        PortalLink: {
            id: string;
            /** @description Whom it is for. */
            name: string;
            /** @enum {string} */
            status: "unopened" | "opened" | "expired" | "revoked";
            /** @description Who answers for it. */
            createdBy: {
                id: string;
                name: string;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
            openedAt: string | null;
            lastUsedAt: string | null;
            revokedAt: string | null;
        };
        Proposal: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            purchaseId: string;
            fraudType: string;
            status: string;
            amountLeft: number;
            currency: string;
            refundId: string | null;
            /** Format: date-time */
            createdAt: string;
            closedAt: string | null;
        };
        PurchaseDetail: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            stripeChargeId: string;
            /** @description In the currency's smallest unit. */
            amountCaptured: number;
            /** @description In the currency's smallest unit. */
            amountRefunded: number;
            /** @description In the currency's smallest unit. */
            amountLeft: number;
            currency: string;
            customerEmail: string | null;
            customerName: string | null;
            /** @description Who bought, told apart by an id. */
            customer: {
                stripeCustomerId: string | null;
                /** @description The app's own id of the customer, as it reported it. */
                appCustomerId: string | null;
                /** @description Other customers of the app with the same address. */
                othersWithEmail: number;
            };
            productName: string | null;
            orderNumber: string | null;
            paymentMethod: {
                brand: string;
                last4: string | null;
            } | null;
            /** Format: date-time */
            purchasedAt: string;
            access: string;
            disputeStatus: string | null;
            stripeAccountId: string;
            stripePaymentIntentId: string | null;
            description: string | null;
            livemode: boolean;
            refundsBlockedByDispute: boolean;
            /** @description Until when Stripe takes evidence on a dispute that wants some. */
            disputeDueAt: string | null;
            /** @description What the platform took of the payment, and what becomes of a refund's share of it. */
            applicationFee: {
                /** @description In the currency's smallest unit. */
                amount: number;
                currency: string;
                /** @enum {string} */
                onRefund: "given_back" | "kept";
            } | null;
            /** @description Newest first. */
            refunds: components["schemas"]["Refund"][];
        };
        PurchaseForAgent: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            stripeChargeId: string;
            /** @description In the currency's smallest unit. */
            amountCaptured: number;
            /** @description In the currency's smallest unit. */
            amountRefunded: number;
            /** @description In the currency's smallest unit. */
            amountLeft: number;
            currency: string;
            customerEmail: string | null;
            customerName: string | null;
            /** @description Who bought, told apart by an id. */
            customer: {
                stripeCustomerId: string | null;
                /** @description The app's own id of the customer, as it reported it. */
                appCustomerId: string | null;
                /** @description Other customers of the app with the same address. */
                othersWithEmail: number;
            };
            productName: string | null;
            orderNumber: string | null;
            paymentMethod: {
                brand: string;
                last4: string | null;
            } | null;
            /** Format: date-time */
            purchasedAt: string;
            access: string;
            disputeStatus: string | null;
            refundsBlockedByDispute: boolean;
            refunds: {
                id: string;
                /** @description In the currency's smallest unit. */
                amount: number;
                currency: string;
                /** @enum {string} */
                status: "requested" | "awaiting_approval" | "approved" | "executing" | "pending" | "requires_action" | "succeeded" | "failed" | "canceled" | "refused" | "blocked" | "rejected" | "expired" | "withdrawn" | "superseded";
                reason: string | null;
                /** @enum {string} */
                origin: "redress" | "stripe";
                /** Format: date-time */
                requestedAt: string;
            }[];
        };
        /** @description A refund as people see it. */
        Refund: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            purchaseId: string;
            /** @description In the currency's smallest unit. */
            amount: number;
            currency: string;
            /** @enum {string} */
            status: "requested" | "awaiting_approval" | "approved" | "executing" | "pending" | "requires_action" | "succeeded" | "failed" | "canceled" | "refused" | "blocked" | "rejected" | "expired" | "withdrawn" | "superseded";
            reason: string | null;
            note: string | null;
            ticketUrl: string | null;
            /** @enum {string} */
            origin: "redress" | "stripe";
            /** Format: date-time */
            requestedAt: string;
            expiresAt: string | null;
            settledAt: string | null;
            nextAttemptAt: string | null;
            stripeRefundId: string | null;
            refusedCode: string | null;
            failureReason: string | null;
            blockedCode: string | null;
            requestedBy: {
                kind: string;
                id: string;
                name: string | null;
            };
            outcomeUnknown: boolean;
            /** @enum {string} */
            accessStatus: "none" | "told" | "done" | "declined" | "failed";
            refusedMessage: string | null;
        };
        RefundDetail: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            purchaseId: string;
            /** @description In the currency's smallest unit. */
            amount: number;
            currency: string;
            /** @enum {string} */
            status: "requested" | "awaiting_approval" | "approved" | "executing" | "pending" | "requires_action" | "succeeded" | "failed" | "canceled" | "refused" | "blocked" | "rejected" | "expired" | "withdrawn" | "superseded";
            reason: string | null;
            note: string | null;
            ticketUrl: string | null;
            /** @enum {string} */
            origin: "redress" | "stripe";
            /** Format: date-time */
            requestedAt: string;
            expiresAt: string | null;
            settledAt: string | null;
            nextAttemptAt: string | null;
            stripeRefundId: string | null;
            refusedCode: string | null;
            failureReason: string | null;
            blockedCode: string | null;
            requestedBy: {
                kind: string;
                id: string;
                name: string | null;
            };
            outcomeUnknown: boolean;
            /** @enum {string} */
            accessStatus: "none" | "told" | "done" | "declined" | "failed";
            refusedMessage: string | null;
            stripeAccountId: string;
            stripeChargeId: string;
            idempotencyKey: string | null;
            /** @description What the platform took of the payment, and what becomes of a refund's share of it. */
            applicationFee: {
                /** @description In the currency's smallest unit. */
                amount: number;
                currency: string;
                /** @enum {string} */
                onRefund: "given_back" | "kept";
            } | null;
            /** @enum {string} */
            approverRole: "approver" | "admin";
            approval: ({
                id: string;
                /** @enum {string} */
                decision: "approved" | "rejected";
            } & {
                [key: string]: unknown;
            }) | null;
            verdicts: ({
                verdict: string;
                explanation: string;
                /** Format: date-time */
                judgedAt: string;
            } & {
                [key: string]: unknown;
            })[];
            attempts: ({
                number: number;
                /** Format: date-time */
                startedAt: string;
            } & {
                [key: string]: unknown;
            })[];
            notifications: ({
                id: string;
                status: string;
            } & {
                [key: string]: unknown;
            })[];
            history: ({
                /** Format: date-time */
                at: string;
                action: string;
            } & {
                [key: string]: unknown;
            })[];
        };
        /** @description A refund as an agent sees it. */
        RefundForAgent: {
            id: string;
            app: {
                id: string;
                slug: string;
                name: string;
            };
            purchaseId: string;
            /** @description In the currency's smallest unit. */
            amount: number;
            currency: string;
            /** @enum {string} */
            status: "requested" | "awaiting_approval" | "approved" | "executing" | "pending" | "requires_action" | "succeeded" | "failed" | "canceled" | "refused" | "blocked" | "rejected" | "expired" | "withdrawn" | "superseded";
            reason: string | null;
            note: string | null;
            ticketUrl: string | null;
            /** @enum {string} */
            origin: "redress" | "stripe";
            /** Format: date-time */
            requestedAt: string;
            expiresAt: string | null;
            settledAt: string | null;
            nextAttemptAt: string | null;
            stripeRefundId: string | null;
            refusedCode: string | null;
            failureReason: string | null;
            blockedCode: string | null;
            /** @description What a person, or the policy, said. */
            decision?: {
                /** @enum {string} */
                decision: "approved" | "rejected";
                /** @description operator, or policy */
                by: string;
                /** Format: date-time */
                at: string;
                note: string | null;
            };
            /**
             * Format: uri
             * @description Where to ask again, with the same key, while it may change.
             */
            statusUrl?: string;
            /** @description What happened, and what comes next, in a sentence. */
            message: string;
        };
        RefundPolicy: {
            purchaseId: string;
            reasons?: {
                code: string;
                label: string;
                stripe: ("requested_by_customer" | "duplicate" | "fraudulent") | null;
            }[];
            /** @description What was judged. */
            amount: number;
            currency: string;
            /** @description In the currency's smallest unit. */
            amountLeft: number;
            /**
             * @description `repeated`: asking would be answered with `refundId`, and make no other refund.
             * @enum {string}
             */
            verdict: "allow" | "ask" | "refuse" | "repeated";
            /** @description The rule that decides, for people. */
            why: string | null;
            /** @description For `ask`: how many have to approve it. */
            approvers?: number;
            /**
             * @description For `ask`: what they must be at least.
             * @enum {string}
             */
            role?: "approver" | "admin";
            /** @description For `refuse`: what to tell the customer. */
            reason?: string;
            refundId?: string;
            /** @description For `allow`: until when, where the purchase's age ends it; null where it does not. */
            until?: string | null;
            /** @description Why a request would be turned away now, whatever the verdict. */
            blocked: {
                /** @enum {string} */
                code: "account_disconnected" | "account_changed" | "dispute_open" | "refunds_stopped";
                explanation: string;
            } | null;
            /** @description What the platform took of the payment, and what becomes of a refund's share of it. */
            applicationFee: {
                /** @description In the currency's smallest unit. */
                amount: number;
                currency: string;
                /** @enum {string} */
                onRefund: "given_back" | "kept";
            } | null;
            message: string;
        };
        Tally: {
            count: number;
            amounts: {
                amount: number;
                currency: string;
            }[];
        };
        Error: {
            error: {
                /** @description Stable: branch on it. */
                code: string;
                /** @description For people: what to do next. */
                message: string;
                details?: Record<string, never>;
            };
        };
    };
    responses: {
        /** @description `invalid_input` */
        "400.invalid_input": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "invalid_input";
                    };
                };
            };
        };
        /** @description `invalid_input`, `amount_invalid`, `currency_mismatch`, `reason_unknown` */
        "400.invalid_input.amount_invalid.currency_mismatch.reason_unknown": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "invalid_input" | "amount_invalid" | "currency_mismatch" | "reason_unknown";
                    };
                };
            };
        };
        /** @description `invalid_input`, `reason_unknown`, `csv_invalid` */
        "400.invalid_input.reason_unknown.csv_invalid": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "invalid_input" | "reason_unknown" | "csv_invalid";
                    };
                };
            };
        };
        /** @description `key_invalid`, `key_expired`, `key_revoked` */
        "401.key_invalid.key_expired.key_revoked": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "key_invalid" | "key_expired" | "key_revoked";
                    };
                };
            };
        };
        /** @description `sign_in_required`, `key_invalid`, `key_expired`, `key_revoked` */
        "401.sign_in_required.key_invalid.key_expired.key_revoked": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "sign_in_required" | "key_invalid" | "key_expired" | "key_revoked";
                    };
                };
            };
        };
        /** @description `signature_invalid` */
        "401.signature_invalid": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "signature_invalid";
                    };
                };
            };
        };
        /** @description `permission_denied` */
        "403.permission_denied": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "permission_denied";
                    };
                };
            };
        };
        /** @description `permission_denied`, `own_request` */
        "403.permission_denied.own_request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "permission_denied" | "own_request";
                    };
                };
            };
        };
        /** @description `app_not_found` */
        "404.app_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_not_found";
                    };
                };
            };
        };
        /** @description `app_not_found`, `notification_not_found` */
        "404.app_not_found.notification_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_not_found" | "notification_not_found";
                    };
                };
            };
        };
        /** @description `app_not_found`, `portal_link_not_found` */
        "404.app_not_found.portal_link_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_not_found" | "portal_link_not_found";
                    };
                };
            };
        };
        /** @description `app_not_found`, `purchase_not_found` */
        "404.app_not_found.purchase_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_not_found" | "purchase_not_found";
                    };
                };
            };
        };
        /** @description `bulk_refund_not_found` */
        "404.bulk_refund_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "bulk_refund_not_found";
                    };
                };
            };
        };
        /** @description `dead_letter_not_found` */
        "404.dead_letter_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "dead_letter_not_found";
                    };
                };
            };
        };
        /** @description `embed_key_not_found` */
        "404.embed_key_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "embed_key_not_found";
                    };
                };
            };
        };
        /** @description `event_not_found` */
        "404.event_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "event_not_found";
                    };
                };
            };
        };
        /** @description `key_not_found` */
        "404.key_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "key_not_found";
                    };
                };
            };
        };
        /** @description `notification_not_found` */
        "404.notification_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "notification_not_found";
                    };
                };
            };
        };
        /** @description `proposal_not_found` */
        "404.proposal_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "proposal_not_found";
                    };
                };
            };
        };
        /** @description `purchase_not_found` */
        "404.purchase_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "purchase_not_found";
                    };
                };
            };
        };
        /** @description `refund_not_found` */
        "404.refund_not_found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "refund_not_found";
                    };
                };
            };
        };
        /** @description `already_decided`, `not_awaiting_approval` */
        "409.already_decided.not_awaiting_approval": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "already_decided" | "not_awaiting_approval";
                    };
                };
            };
        };
        /** @description `amount_exceeds_remaining`, `already_refunded`, `request_open` */
        "409.amount_exceeds_remaining.already_refunded.request_open": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "amount_exceeds_remaining" | "already_refunded" | "request_open";
                    };
                };
            };
        };
        /** @description `app_not_connected` */
        "409.app_not_connected": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_not_connected";
                    };
                };
            };
        };
        /** @description `app_not_connected`, `dispute_open`, `refunds_stopped`, `amount_exceeds_remaining`, `already_refunded`, `request_key_conflict`, `request_open` */
        "409.app_not_connected.dispute_open.refunds_stopped.amount_exceeds_remaining.already_refunded.request_key_conflict.request_open": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_not_connected" | "dispute_open" | "refunds_stopped" | "amount_exceeds_remaining" | "already_refunded" | "request_key_conflict" | "request_open";
                    };
                };
            };
        };
        /** @description `app_not_connected`, `refunds_stopped`, `request_key_conflict` */
        "409.app_not_connected.refunds_stopped.request_key_conflict": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_not_connected" | "refunds_stopped" | "request_key_conflict";
                    };
                };
            };
        };
        /** @description `app_slug_taken` */
        "409.app_slug_taken": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "app_slug_taken";
                    };
                };
            };
        };
        /** @description `bulk_refund_state` */
        "409.bulk_refund_state": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "bulk_refund_state";
                    };
                };
            };
        };
        /** @description `embed_key_revoked` */
        "409.embed_key_revoked": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "embed_key_revoked";
                    };
                };
            };
        };
        /** @description `event_not_replayable` */
        "409.event_not_replayable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "event_not_replayable";
                    };
                };
            };
        };
        /** @description `key_ended` */
        "409.key_ended": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "key_ended";
                    };
                };
            };
        };
        /** @description `list_changed`, `bulk_refund_state` */
        "409.list_changed.bulk_refund_state": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "list_changed" | "bulk_refund_state";
                    };
                };
            };
        };
        /** @description `not_endorsed`, `already_decided`, `not_awaiting_approval` */
        "409.not_endorsed.already_decided.not_awaiting_approval": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "not_endorsed" | "already_decided" | "not_awaiting_approval";
                    };
                };
            };
        };
        /** @description `not_supersedable`, `already_decided`, `amount_exceeds_remaining` */
        "409.not_supersedable.already_decided.amount_exceeds_remaining": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "not_supersedable" | "already_decided" | "amount_exceeds_remaining";
                    };
                };
            };
        };
        /** @description `notification_not_resendable` */
        "409.notification_not_resendable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "notification_not_resendable";
                    };
                };
            };
        };
        /** @description `notification_unaddressed` */
        "409.notification_unaddressed": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "notification_unaddressed";
                    };
                };
            };
        };
        /** @description `outcome_unknown`, `already_decided` */
        "409.outcome_unknown.already_decided": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "outcome_unknown" | "already_decided";
                    };
                };
            };
        };
        /** @description `policy_changed` */
        "409.policy_changed": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "policy_changed";
                    };
                };
            };
        };
        /** @description `policy_not_simple` */
        "409.policy_not_simple": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "policy_not_simple";
                    };
                };
            };
        };
        /** @description `proposal_closed` */
        "409.proposal_closed": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "proposal_closed";
                    };
                };
            };
        };
        /** @description `proposal_closed`, `app_not_connected`, `dispute_open`, `refunds_stopped`, `amount_exceeds_remaining`, `already_refunded` */
        "409.proposal_closed.app_not_connected.dispute_open.refunds_stopped.amount_exceeds_remaining.already_refunded": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "proposal_closed" | "app_not_connected" | "dispute_open" | "refunds_stopped" | "amount_exceeds_remaining" | "already_refunded";
                    };
                };
            };
        };
        /** @description `too_many_comments`, `request_key_conflict` */
        "409.too_many_comments.request_key_conflict": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "too_many_comments" | "request_key_conflict";
                    };
                };
            };
        };
        /** @description `rate_limited` */
        "429.rate_limited": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "rate_limited";
                    };
                };
            };
        };
        /** @description `internal` */
        "500.internal": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "internal";
                    };
                };
            };
        };
        /** @description `stripe_unavailable` */
        "503.stripe_unavailable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    error?: {
                        /** @enum {unknown} */
                        code?: "stripe_unavailable";
                    };
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAlerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        alerts: {
                            kind: string;
                            refund: components["schemas"]["Refund"];
                            /** Format: date-time */
                            since: string;
                            hadSucceeded: boolean;
                        }[];
                        undecidedDrifts: number;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getApps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        apps: components["schemas"]["App"][];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postApps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    contactEmail?: string | null;
                    websiteUrl?: string | null;
                    productDescription?: string | null;
                    notificationUrl?: string | null;
                    revokeAccessOnPartialRefund?: boolean;
                    refundApplicationFee?: boolean;
                    slackChannel?: string | null;
                    approvalRules?: {
                        amount: number;
                        currency: string;
                    }[];
                    slug: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: components["schemas"]["App"];
                        /** @description Answered once. */
                        notificationSecret: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            409: components["responses"]["409.app_slug_taken"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getAppsBySlug: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: components["schemas"]["App"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    patchAppsBySlug: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    contactEmail?: string | null;
                    websiteUrl?: string | null;
                    productDescription?: string | null;
                    notificationUrl?: string | null;
                    revokeAccessOnPartialRefund?: boolean;
                    refundApplicationFee?: boolean;
                    slackChannel?: string | null;
                    approvalRules?: {
                        amount: number;
                        currency: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: components["schemas"]["App"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            409: components["responses"]["409.policy_not_simple"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugAccess: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "access.reported";
                    data: {
                        notification_id: string;
                        /** @enum {string} */
                        status: "done" | "declined";
                        reason?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.signature_invalid"];
            404: components["responses"]["404.app_not_found.notification_not_found"];
            500: components["responses"]["500.internal"];
        };
    };
    getAppsBySlugCustomerMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        customerMail: components["schemas"]["CustomerMail"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    patchAppsBySlugCustomerMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    locale?: string;
                    replyTo?: string | null;
                    started?: {
                        wanted?: boolean;
                        subject?: string | null;
                        body?: string | null;
                    };
                    succeeded?: {
                        wanted?: boolean;
                        subject?: string | null;
                        body?: string | null;
                    };
                    failed?: {
                        wanted?: boolean;
                        subject?: string | null;
                        body?: string | null;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        customerMail: components["schemas"]["CustomerMail"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugCustomerMailPreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    kind: "started" | "succeeded" | "failed";
                    subject?: string | null;
                    body?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        preview: {
                            subject: string;
                            body: string;
                        };
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugEventsPull: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    since: string;
                    until?: string;
                    cursor?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        listed: number;
                        pulled: number;
                        /** Format: date-time */
                        reachedAt: string;
                        cutAt: string | null;
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            409: components["responses"]["409.app_not_connected"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.stripe_unavailable"];
        };
    };
    getAppsBySlugImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest; null while there was none. */
                        import: components["schemas"]["Import"] | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        import: components["schemas"]["Import"];
                        resumed: boolean;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            409: components["responses"]["409.app_not_connected"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugNotificationSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @default false */
                    endPrevious?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Answered once. */
                        notificationSecret: string;
                        previousUntil: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugPing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ping: components["schemas"]["Ping"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            409: components["responses"]["409.notification_unaddressed"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getAppsBySlugPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    putAppsBySlugPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    policy: components["schemas"]["PolicyDocument"] | null;
                    seenVersion?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            409: components["responses"]["409.policy_changed"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugPolicyDryRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    policy: components["schemas"]["PolicyDocument"];
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        requests: ({
                            refundId: string;
                            /** Format: date-time */
                            requestedAt: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        counts: {
                            allow: number;
                            ask: number;
                            refuse: number;
                        };
                        changed: number;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getAppsBySlugPortalLinks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        links: components["schemas"]["PortalLink"][];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugPortalLinks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    expiresIn: "1h" | "1d" | "7d";
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        link: components["schemas"]["PortalLink"];
                        /** @description Answered once. */
                        url: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugPortalLinksByIdRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        link: components["schemas"]["PortalLink"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found.portal_link_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugPurchases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "purchase.reported";
                    data: {
                        stripe_charge_id?: string;
                        stripe_payment_intent_id?: string;
                        product_name?: string;
                        order_number?: string;
                        customer_id?: string;
                        /** Format: email */
                        customer_email?: string;
                        customer_name?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        purchase_id: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.signature_invalid"];
            404: components["responses"]["404.app_not_found.purchase_not_found"];
            409: components["responses"]["409.app_not_connected"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.stripe_unavailable"];
        };
    };
    postAppsBySlugRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: components["schemas"]["App"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postAppsBySlugStop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: components["schemas"]["App"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getAudit: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                refundId?: string;
                purchaseId?: string;
                app?: string;
                actorKind?: "operator" | "agent" | "portal_link" | "policy" | "stripe" | "app" | "system";
                actor?: string;
                action?: string;
                correlationId?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: components["schemas"]["AuditEntry"][];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getAuditExport: {
        parameters: {
            query?: {
                refundId?: string;
                purchaseId?: string;
                app?: string;
                actorKind?: "operator" | "agent" | "portal_link" | "policy" | "stripe" | "app" | "system";
                actor?: string;
                action?: string;
                correlationId?: string;
                from?: string;
                to?: string;
                format?: "csv" | "jsonl";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getAuditVerify: {
        parameters: {
            query?: {
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        valid: boolean;
                        sealed: number;
                        unsealed: number;
                        head: {
                            number: number;
                            hash: string;
                        };
                        firstBroken?: {
                            number: number;
                            auditLogId: number | null;
                            reason: string;
                        };
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getBulkRefunds: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefunds: (components["schemas"]["BulkRefund"] | components["schemas"]["BulkRefundForAgent"])[];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postBulkRefunds: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your own id of this request. The same id and arguments are answered with the first refund for as long as the database lives; other arguments are `request_key_conflict`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app: string;
                    rows?: {
                        purchase: string;
                        amount?: {
                            amount: number;
                            currency: string;
                        };
                    }[];
                    csv?: string;
                    filter?: string;
                    reason?: string;
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"] | components["schemas"]["BulkRefundForAgent"];
                        /** @constant */
                        repeated?: true;
                    };
                };
            };
            400: components["responses"]["400.invalid_input.reason_unknown.csv_invalid"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            409: components["responses"]["409.app_not_connected.refunds_stopped.request_key_conflict"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getBulkRefundsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"] | components["schemas"]["BulkRefundForAgent"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postBulkRefundsByIdApprove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    listHash: string;
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied.own_request"];
            404: components["responses"]["404.bulk_refund_not_found"];
            409: components["responses"]["409.list_changed.bulk_refund_state"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postBulkRefundsByIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            409: components["responses"]["409.bulk_refund_state"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getBulkRefundsByIdItems: {
        parameters: {
            query?: {
                status?: string;
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BulkRefundLine"][];
                        nextAfter: number | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postBulkRefundsByIdPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            409: components["responses"]["409.bulk_refund_state"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postBulkRefundsByIdReject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    listHash: string;
                    note: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            409: components["responses"]["409.list_changed.bulk_refund_state"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getBulkRefundsByIdResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postBulkRefundsByIdResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            409: components["responses"]["409.bulk_refund_state"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postBulkRefundsByIdWithdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bulkRefund: components["schemas"]["BulkRefund"] | components["schemas"]["BulkRefundForAgent"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.bulk_refund_not_found"];
            409: components["responses"]["409.bulk_refund_state"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getDeadLetters: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                app?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deadLetters: {
                            id: string;
                            name: string;
                            reason: string | null;
                            /** Format: date-time */
                            deadAt: string;
                        }[];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postDeadLettersByIdReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.dead_letter_not_found"];
            409: components["responses"]["409.event_not_replayable"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getDeliveries: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                app?: string;
                state?: "pending" | "received" | "done" | "declined" | "overtaken" | "dead" | "unaddressed";
                since?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveries: {
                            /** @description The `webhook-id`, the same at each attempt. */
                            id: string;
                            app: {
                                id: string;
                                slug: string;
                                name: string;
                            };
                            /** @enum {string} */
                            type: "refund.succeeded" | "refund.failed" | "ping";
                            /** @enum {string} */
                            state: "pending" | "received" | "done" | "declined" | "overtaken" | "dead" | "unaddressed";
                            /** @enum {string} */
                            access: "revoke" | "restore" | "keep";
                            purchaseId: string | null;
                            refundId: string | null;
                            attemptCount: number;
                            nextAttemptAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            receivedAt: string | null;
                            doneAt: string | null;
                            /** @description Why the app declined. */
                            reason: string | null;
                            lastAttempt: {
                                /** Format: date-time */
                                startedAt: string;
                                httpStatus: number | null;
                                errorCode: string | null;
                                errorMessage: string | null;
                            } | null;
                        }[];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postDeliveriesResend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app?: string;
                    /**
                     * @default dead
                     * @enum {string}
                     */
                    state?: "dead" | "declined";
                    since: string;
                    until?: string;
                    /** @default false */
                    dryRun?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        resent: number;
                        done: boolean;
                    } | {
                        resendable: number;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getDeliveriesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        delivery: {
                            /** @description The `webhook-id`, the same at each attempt. */
                            id: string;
                            app: {
                                id: string;
                                slug: string;
                                name: string;
                            };
                            /** @enum {string} */
                            type: "refund.succeeded" | "refund.failed" | "ping";
                            /** @enum {string} */
                            state: "pending" | "received" | "done" | "declined" | "overtaken" | "dead" | "unaddressed";
                            /** @enum {string} */
                            access: "revoke" | "restore" | "keep";
                            purchaseId: string | null;
                            refundId: string | null;
                            attemptCount: number;
                            nextAttemptAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            receivedAt: string | null;
                            doneAt: string | null;
                            /** @description Why the app declined. */
                            reason: string | null;
                            payload: {
                                [key: string]: unknown;
                            };
                            attempts: components["schemas"]["DeliveryAttempt"][];
                        };
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.notification_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postDeliveriesByIdResend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        notificationId: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.notification_not_found"];
            409: components["responses"]["409.notification_not_resendable"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getDisputes: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                app?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        disputes: {
                            id: string;
                            app: {
                                id: string;
                                slug: string;
                                name: string;
                            };
                            stripeChargeId: string;
                            /** @description In the currency's smallest unit. */
                            amountCaptured: number;
                            /** @description In the currency's smallest unit. */
                            amountRefunded: number;
                            /** @description In the currency's smallest unit. */
                            amountLeft: number;
                            currency: string;
                            customerEmail: string | null;
                            customerName: string | null;
                            /** @description Who bought, told apart by an id. */
                            customer: {
                                stripeCustomerId: string | null;
                                /** @description The app's own id of the customer, as it reported it. */
                                appCustomerId: string | null;
                                /** @description Other customers of the app with the same address. */
                                othersWithEmail: number;
                            };
                            productName: string | null;
                            orderNumber: string | null;
                            paymentMethod: {
                                brand: string;
                                last4: string | null;
                            } | null;
                            /** Format: date-time */
                            purchasedAt: string;
                            access: string;
                            disputeStatus: string | null;
                            disputeDueAt: string | null;
                        }[];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getEmbedKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: components["schemas"]["EmbedKey"][];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postEmbedKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    origins: string[];
                    apps?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["EmbedKey"];
                        /** @description Answered once. */
                        secret: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postEmbedKeysByIdRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["EmbedKey"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.embed_key_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postEmbedKeysByIdRotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @default false */
                    endPrevious?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["EmbedKey"];
                        /** @description Answered once. */
                        secret: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.embed_key_not_found"];
            409: components["responses"]["409.embed_key_revoked"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getEvents: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                app?: string;
                type?: string;
                status?: "received" | "handled" | "ignored" | "failed";
                label?: string;
                since?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        events: components["schemas"]["Event"][];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postEventsReplay: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app?: string;
                    type?: string;
                    /** @enum {string} */
                    status?: "received" | "handled" | "ignored" | "failed";
                    label?: string;
                    since: string;
                    until?: string;
                    /** @default false */
                    dryRun?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        replayed: number;
                        skipped: number;
                        done: boolean;
                    } | {
                        replayable: number;
                        ignored: number;
                        resumed: boolean;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getEventsById: {
        parameters: {
            query?: {
                payload?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        event: {
                            id: string;
                            type: string;
                            /** @enum {string} */
                            status: "received" | "handled" | "ignored" | "failed";
                            labels: string[];
                            /** Format: date-time */
                            receivedAt: string;
                            payload?: string;
                        };
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.event_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postEventsByIdReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        eventId: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.event_not_found"];
            409: components["responses"]["409.event_not_replayable"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getExportsPurchases: {
        parameters: {
            query?: {
                app?: "" | string;
                query?: "" | string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getExportsRefunds: {
        parameters: {
            query?: {
                app?: "" | string;
                month?: "" | string;
                currency?: "" | string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["OwnKey"];
                        desk: {
                            version: string;
                            mode: string;
                            /** Format: date-time */
                            now: string;
                        };
                    };
                };
            };
            401: components["responses"]["401.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: components["schemas"]["Key"][];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    permissions?: ("purchases.read" | "refunds.read" | "refunds.request" | "refunds.withdraw")[];
                    apps?: string[];
                    /** Format: date-time */
                    expiresAt?: string;
                    /** @default 60 */
                    ratePerMinute?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["Key"];
                        /** @description Answered once. */
                        secret: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postKeysByIdRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["Key"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.key_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postKeysByIdRotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    oldWorksUntil?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["Key"];
                        /** @description Answered once. */
                        secret: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.key_not_found"];
            409: components["responses"]["409.key_ended"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postKeysByIdWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    url: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: components["schemas"]["Key"];
                        webhookSecret: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.key_not_found"];
            409: components["responses"]["409.key_ended"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            500: components["responses"]["500.internal"];
        };
    };
    getOperators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        operators: {
                            id: string;
                            name: string;
                            email: string;
                            /** Format: date-time */
                            createdAt: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postOperators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** Format: email */
                    email: string;
                    password: string;
                    /** @enum {string} */
                    role: "viewer" | "agent" | "approver" | "admin";
                    appSlug?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        operatorId: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    putPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    policy: components["schemas"]["PolicyDocument"] | null;
                    seenVersion?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            409: components["responses"]["409.policy_changed"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getProposals: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                status?: "open" | "accepted" | "dismissed" | "lapsed";
                purchaseId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        proposals: components["schemas"]["Proposal"][];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postProposalsByIdAccept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.proposal_not_found"];
            409: components["responses"]["409.proposal_closed.app_not_connected.dispute_open.refunds_stopped.amount_exceeds_remaining.already_refunded"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postProposalsByIdDismiss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        proposalId: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.proposal_not_found"];
            409: components["responses"]["409.proposal_closed"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getPurchases: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                query?: string;
                app?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        purchases: components["schemas"]["FoundPurchase"][];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getPurchasesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        purchase: components["schemas"]["PurchaseDetail"] | components["schemas"]["PurchaseForAgent"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.purchase_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getPurchasesByIdRefundPolicy: {
        parameters: {
            query?: {
                amount?: number;
                currency?: string;
                reason?: string;
                inAdditionTo?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        policy: components["schemas"]["RefundPolicy"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input.amount_invalid.currency_mismatch.reason_unknown"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.purchase_not_found"];
            409: components["responses"]["409.amount_exceeds_remaining.already_refunded.request_open"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        comparisons: ({
                            app: {
                                id: string;
                                slug: string;
                                name: string;
                            };
                            nextDueAt: string | null;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app: string;
                    since?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        runId: string;
                        resumed: boolean;
                        /** Format: date-time */
                        since: string;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            409: components["responses"]["409.app_not_connected"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getReconciliationDrifts: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                app?: string;
                refundId?: string;
                undecided?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        drifts: ({
                            difference: string;
                            repair: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.app_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getReference: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            500: components["responses"]["500.internal"];
        };
    };
    getRefunds: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refunds: (components["schemas"]["Refund"] | components["schemas"]["RefundForAgent"])[];
                        /** @description `cursor` of the next part; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postRefunds: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your own id of this request. The same id and arguments are answered with the first refund for as long as the database lives; other arguments are `request_key_conflict`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    purchaseId: string;
                    amount?: number;
                    currency?: string;
                    reason?: string;
                    note?: string;
                    /** Format: uri */
                    ticketUrl?: string;
                    inAdditionTo?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"] | components["schemas"]["RefundForAgent"];
                        /**
                         * @description The refund was there before this call.
                         * @constant
                         */
                        repeated?: true;
                    };
                };
            };
            400: components["responses"]["400.invalid_input.amount_invalid.currency_mismatch.reason_unknown"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.purchase_not_found"];
            409: components["responses"]["409.app_not_connected.dispute_open.refunds_stopped.amount_exceeds_remaining.already_refunded.request_key_conflict.request_open"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getRefundsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"] | components["schemas"]["RefundForAgent"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.refund_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postRefundsByIdApprove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied.own_request"];
            404: components["responses"]["404.refund_not_found"];
            409: components["responses"]["409.already_decided.not_awaiting_approval"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    getRefundsByIdComments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        comments: (components["schemas"]["Comment"] | components["schemas"]["CommentForAgent"])[];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.refund_not_found"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postRefundsByIdComments: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your own id of this request. The same id and arguments are answered with the first refund for as long as the database lives; other arguments are `request_key_conflict`. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        comment: components["schemas"]["Comment"] | components["schemas"]["CommentForAgent"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.refund_not_found"];
            409: components["responses"]["409.too_many_comments.request_key_conflict"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postRefundsByIdReject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    note: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.refund_not_found"];
            409: components["responses"]["409.already_decided.not_awaiting_approval"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postRefundsByIdSupersede: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied.own_request"];
            404: components["responses"]["404.refund_not_found"];
            409: components["responses"]["409.not_supersedable.already_decided.amount_exceeds_remaining"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
            503: components["responses"]["503.stripe_unavailable"];
        };
    };
    postRefundsByIdTakeBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.refund_not_found"];
            409: components["responses"]["409.not_endorsed.already_decided.not_awaiting_approval"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
    postRefundsByIdWithdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    note?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        refund: components["schemas"]["RefundDetail"] | components["schemas"]["RefundForAgent"];
                    };
                };
            };
            400: components["responses"]["400.invalid_input"];
            401: components["responses"]["401.sign_in_required.key_invalid.key_expired.key_revoked"];
            403: components["responses"]["403.permission_denied"];
            404: components["responses"]["404.refund_not_found"];
            409: components["responses"]["409.outcome_unknown.already_decided"];
            429: components["responses"]["429.rate_limited"];
            500: components["responses"]["500.internal"];
        };
    };
}
