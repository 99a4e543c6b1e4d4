/*
 * A refund's life with everything that can go wrong around it: see README.md beside this file for what is
 * modelled, what is not, and which label here is which function of the code.
 *
 * Every `atomic` is one database transaction, or one call as Stripe sees it. Between two of them anything
 * can happen: another worker, a webhook, a person, a crash.
 *
 * The numbers below bound the model; `check` sets them, and plants the mistakes (-DNO_LOOK_UP and so on).
 */
#ifndef REQUESTS
#define REQUESTS 1 /* refunds of the one purchase: 1 or 2 */
#endif
#ifndef FAULTS
#define FAULTS 2 /* calls that go wrong in one of seven ways, and keys kept a day longer than promised */
#endif
#ifndef CRASHES
#define CRASHES 1 /* processes that die between two steps */
#endif
#ifndef TAKEOVERS
#define TAKEOVERS 1 /* leases that run out while their worker still lives */
#endif
#ifndef FOREIGN
#define FOREIGN 1 /* refunds in the merchant's own Dashboard */
#endif
#ifndef EDITS
#define EDITS 1 /* refunds of ours whose metadata the merchant removes */
#endif
#ifndef DISPUTES
#define DISPUTES 1
#endif
#ifndef REPLACEMENT
#define REPLACEMENT 0 /* 1: of two requests the second is no request of its own, but replaces the first */
#endif

#define CAPTURED 2
#define FOREIGN_AMOUNT 1
#define KEYS 2 /* approvals, and so keys, that one request can have */

/* Statuses of a row. `expired` is as rejected here, `canceled` as failed, `requires_action` as pending. */
mtype:status = {
  NONE, AWAITING, APPROVED, EXECUTING, BLOCKED, PENDING, SUCCEEDED, FAILED, REFUSED, REJECTED, WITHDRAWN, SUPERSEDED
}
/* What Stripe keeps under a key. */
mtype:kept = { UNUSED, KEPT_REFUND, KEPT_500, KEPT_DISPUTED, KEPT_REFUSAL }
/* What a call came to. */
mtype:outcome = { NOTHING, ACCEPTED, DISPUTED, TOO_MUCH, LATER, IN_USE, UNKNOWN, UNKNOWN_REPLAYED }
/* When a row may be tried again: now, after a day, when a person has looked. */
mtype:due = { NOW, TOMORROW, NEVER }

/* ---- The database: one purchase, and the rows of its refunds ---- */
mtype:status status[REQUESTS] = NONE;
mtype:due due[REQUESTS] = NOW;
byte amount[REQUESTS];
byte approvals[REQUESTS]; /* given so far; the newest one names the key */
bit inForce[REQUESTS];    /* whether the newest one stands */
bit tried[REQUESTS];      /* attempt_count > 0 */
bit unknown[REQUESTS];    /* outcome_unknown */
bit hasId[REQUESTS];      /* stripe_refund_id is set */
bit errorKept[REQUESTS];  /* the last create call under the key was answered by a kept 500 */
bit disputedKey[REQUESTS];/* a create call under the key was answered by a kept refusal */
byte lastCreate[REQUESTS];/* whose create call was the last: worker + 1 */
byte age[REQUESTS];       /* since the first attempt: 0 under 23 hours, 1 under 24, 2 over */
bit rested[REQUESTS];     /* a day has gone by since the last create call */
byte lease[REQUESTS];     /* worker + 1; a dead worker's lease runs out */
byte dismissed[REQUESTS]; /* refunds at Stripe that a person said are not this one: a bit each */
bit adopted[REQUESTS];    /* our refund was taken in as a foreign one */
bit foreignRow;           /* the foreign refund was taken in */
bit disputeKnown;         /* purchases.refunds_blocked_by_dispute */
#define NOBODY 0
#define DEAD 9

/* ---- Stripe ---- */
mtype:status at[REQUESTS] = NONE; /* the refund that our call made: NONE, PENDING, SUCCEEDED or FAILED */
byte was[REQUESTS];               /* the states it has had: 1 pending, 2 succeeded, 4 failed */
mtype:kept key[REQUESTS * KEYS] = UNUSED;
byte underWay[REQUESTS];          /* a call whose caller gave up, not yet executed: key + 1 */
bit answered[REQUESTS];           /* that call has been answered already, by a 500 that Stripe keeps */
bit edited[REQUESTS];             /* its metadata is gone */
bit foreign;
mtype:dispute = { CALM, OPEN, WON, LOST }
mtype:dispute dispute = CALM;

/* ---- The world ---- */
byte faults = FAULTS;
byte crashes = CRASHES;
byte takeovers = TAKEOVERS;
byte edits = EDITS;
bit deaf;     /* no webhook arrives any more: those not yet delivered are lost */
byte calling; /* workers between the commit of an intention and its end */

#define live(x) (status[x] == AWAITING || status[x] == APPROVED || status[x] == EXECUTING || \
                 status[x] == BLOCKED || status[x] == PENDING || status[x] == SUCCEEDED)
#define reserved(x) (live(x) -> amount[x] : 0)
#define takenIn(x) ((adopted[x] && at[x] != FAILED) -> amount[x] : 0)
#define returned(x) ((at[x] == PENDING || at[x] == SUCCEEDED) -> amount[x] : 0)
#if REQUESTS == 2
#define heldByOthers(x) (reserved(1 - (x)) + takenIn(0) + takenIn(1) + foreignRow * FOREIGN_AMOUNT)
#define returnedAtStripe (returned(0) + returned(1) + foreign * FOREIGN_AMOUNT)
#else
#define heldByOthers(x) (takenIn(0) + foreignRow * FOREIGN_AMOUNT)
#define returnedAtStripe (returned(0) + foreign * FOREIGN_AMOUNT)
#endif
#define leftFor(x) (heldByOthers(x) >= CAPTURED -> 0 : CAPTURED - heldByOthers(x))
/* Nothing is sent for it any more. */
#define over(x) (!underWay[x] && status[x] != NONE && status[x] != AWAITING && status[x] != APPROVED && \
                 status[x] != EXECUTING && status[x] != BLOCKED)
#if REQUESTS == 2
#define everythingSaid (calling == 0 && over(0) && over(1))
#else
#define everythingSaid (calling == 0 && over(0))
#endif
#define keyOf(x, k) key[(x) * KEYS + (k)]
#if REPLACEMENT
/* Of the two, Stripe has the other one. */
#define otherMade(x) (at[1 - (x)] != NONE)
/* The desk knows that Stripe has the refund that this one replaces. */
#define knownReplaced(x) ((x) == 1 && hasId[0])
#else
#define otherMade(x) false
#define knownReplaced(x) false
#endif
#define newestKey(x) (approvals[x] - 1)
/* Where a call that was made may still turn out to have had an effect (match-refund.ts). */
#define awaitsStripe(x) (status[x] == EXECUTING || status[x] == BLOCKED || status[x] == SUPERSEDED || \
                         status[x] == APPROVED)

/* Where a transaction falls apart when its lock is left out: what was read may be old when it is used. */
#define NOTHING_BETWEEN
#define ANYTHING_BETWEEN } atomic {
#ifdef NO_LOCK
#define readToInsert ANYTHING_BETWEEN
#else
#define readToInsert NOTHING_BETWEEN
#endif
#ifdef NO_COMPARE
#define readToDecide ANYTHING_BETWEEN
#else
#define readToDecide NOTHING_BETWEEN
#endif
#ifdef NOT_MONOTONE
#define canMove(from, to) ((from) != (to))
#else
#define canMove(from, to) \
  ((from) == EXECUTING || (from) == BLOCKED || (from) == SUPERSEDED || (from) == APPROVED || \
   ((from) == PENDING && (to) != PENDING) || ((from) == SUCCEEDED && (to) == FAILED))
#endif

/* ---- Settling: settle-refund.ts ---- */
/* What no longer matters is forgotten, so that states which behave alike are one. */
inline forget(x) {
  age[x] = 0; rested[x] = 0; errorKept[x] = 0; disputedKey[x] = 0; lastCreate[x] = NOBODY; dismissed[x] = 0; due[x] = NOW
}

inline forgetAll() {
  if
  :: everythingSaid ->
    faults = 0; crashes = 0; takeovers = 0; key[0] = UNUSED; key[1] = UNUSED;
#if REQUESTS == 2
    key[2] = UNUSED; key[3] = UNUSED
#endif
  :: else -> skip
  fi
}

inline settle(x, to) {
  if
  :: adopted[x] -> skip /* the row that took it in has it */
  :: else ->
    /* No refund at Stripe for a request that says no, or that never called. */
    assert(hasId[x] || (tried[x] && awaitsStripe(x)));
    if
    :: canMove(status[x], to) ->
      assert(status[x] != FAILED);
      hasId[x] = 1; status[x] = to; unknown[x] = 0; lease[x] = NOBODY; forget(x)
    :: else -> skip
    fi
  fi;
  forgetAll()
}

inline conclude(x, to) {
  status[x] = to; unknown[x] = 0; lease[x] = NOBODY; forget(x); forgetAll();
  /* What the desk gives up, Stripe does not have, nor will. */
  assert(to == SUPERSEDED || at[x] == NONE || adopted[x])
}

inline release(x, isUnknown, when) {
  unknown[x] = isUnknown; lease[x] = NOBODY; due[x] = when
}

/* ---- Approving: record-approval.ts ---- */
inline forgetKey(x) {
  tried[x] = 0; forget(x)
}

inline approve(x) {
#ifndef NO_COMPARE
  assert(!inForce[x]);          /* one decision in force per request */
  assert(approvals[x] < KEYS);  /* the model's own bound is wide enough */
#endif
  approvals[x] = (approvals[x] < KEYS -> approvals[x] + 1 : KEYS);
  inForce[x] = 1; status[x] = APPROVED; forgetKey(x)
}

/* ---- What Stripe does with a create call ---- */
inline executeAtStripe(x, k, answer) {
  if
  :: keyOf(x, k) == KEPT_REFUND -> answer = ACCEPTED
  :: keyOf(x, k) == KEPT_500 -> answer = UNKNOWN_REPLAYED
  :: keyOf(x, k) == KEPT_DISPUTED -> answer = DISPUTED
  :: keyOf(x, k) == KEPT_REFUSAL -> answer = TOO_MUCH
  :: keyOf(x, k) == UNUSED && (dispute == OPEN || dispute == LOST) ->
    keyOf(x, k) = KEPT_DISPUTED; answer = DISPUTED
  :: keyOf(x, k) == UNUSED && dispute != OPEN && dispute != LOST && returnedAtStripe + amount[x] > CAPTURED ->
    /* Stripe has to refuse one of ours only because of a refund that was not ours, or of its pair. */
    assert(foreign || at[x] != NONE || otherMade(x));
    assert(at[x] == NONE || EDITS > 0);
    keyOf(x, k) = KEPT_REFUSAL; answer = TOO_MUCH
  :: keyOf(x, k) == UNUSED && dispute != OPEN && dispute != LOST && returnedAtStripe + amount[x] <= CAPTURED ->
    createRefund(x, k); keyOf(x, k) = KEPT_REFUND; answer = ACCEPTED
  fi
}

inline createRefund(x, k) {
  assert(at[x] == NONE);                        /* invariant 1: one request, at most one Stripe refund */
  assert(inForce[x] && k == newestKey(x));      /* invariant 2: under an approval that is in force */
#ifndef INTENTION_AFTER_CALL
  /* The intention came first, and still stands; what was replaced may have its effect all the same. */
  assert(status[x] == EXECUTING || (REPLACEMENT && status[x] == SUPERSEDED));
#endif
  if
  :: at[x] = SUCCEEDED; was[x] = 2
  :: at[x] = PENDING; was[x] = 1
  fi;
  assert(returnedAtStripe <= CAPTURED)          /* invariant 1: never more than was captured */
}

/* ---- Looking up: look-up-refund.ts ---- */
#define suspect(x, bit) (!(dismissed[x] & (bit)))
/* Lists the refunds of the charge; those that are not ours get rows, as a webhook would give them. */
inline list(x, isFound, isUnclear) {
  isFound = (at[x] != NONE && !edited[x] && !adopted[x]);
  foreignRow = foreign;
  adopted[0] = adopted[0] || (edited[0] && !hasId[0]);
#if REQUESTS == 2
  adopted[1] = adopted[1] || (edited[1] && !hasId[1]);
#endif
#ifndef NO_EQUAL_CHECK
  if
  :: !isFound && adopted[x] && suspect(x, 1 << x) -> isUnclear = 1
  /* Whether others are newer than the intention, give or take the clocks, is left open. */
  :: !isFound && foreignRow && amount[x] == FOREIGN_AMOUNT && suspect(x, 4) -> isUnclear = 1
#if REQUESTS == 2
  :: !isFound && adopted[1 - x] && amount[0] == amount[1] && suspect(x, 1 << (1 - x)) -> isUnclear = 1
#endif
  :: isFound || !adopted[x] || !suspect(x, 1 << x)
  fi
#endif
}

/* ---- execute-refund.ts: two workers take up any refund at any time ---- */
proctype Worker(byte me) {
  byte r = 0;
  byte k = 0;
  bit earlierUnknown = 0;
  bit maySend = 0;
  bit found = 0;
  bit unclear = 0;
  mtype:outcome answer = NOTHING;
#define other (3 - me)
#ifdef NO_SWEEP /* nobody takes up what a dead process had begun */
#define mayLease(x) (lease[x] == NOBODY || (lease[x] == other && takeovers > 0))
#else
#define mayLease(x) (lease[x] == NOBODY || lease[x] == DEAD || (lease[x] == other && takeovers > 0))
#endif
#define isDue(x) (mayLease(x) && (status[x] == APPROVED || (status[x] == EXECUTING && due[x] == NOW)))
#define takeLease(x) \
  if \
  :: lease[x] == other -> takeovers-- \
  :: else -> skip \
  fi; \
  lease[x] = me
#define isRefusalDoubted (answer == TOO_MUCH || (answer == DISPUTED && earlierUnknown))
#define isStillMine(x) (status[x] == EXECUTING && (lease[x] == me || (due[x] == NOW && lease[x] == NOBODY)))
#define mayGoOn(x) (isStillMine(x) || (status[x] == APPROVED && lease[x] == NOBODY))
/* No `else` stands beside it: that would be open only once nobody may die any more. */
#define mayDie \
  :: atomic { crashes > 0 -> crashes--; goto die }

end_begin: /* begin-attempt.ts */
  atomic {
    if
    :: isDue(0) -> r = 0
#if REQUESTS == 2
    :: isDue(1) -> r = 1
#endif
#ifdef UNAPPROVED
    :: status[0] == AWAITING -> r = 0
#endif
    fi;
    calling++;
    if
    :: status[r] != EXECUTING ->
beginFirst:
      if
      :: disputeKnown -> /* end-without-call.ts */
        status[r] = BLOCKED; lease[r] = NOBODY; goto done
      :: !disputeKnown && (knownReplaced(r) || amount[r] > leftFor(r)) ->
        conclude(r, REFUSED); goto done
      :: else
      fi;
      assert(inForce[r]);                            /* invariant 2, in the transaction of the intention */
      assert(heldByOthers(r) + amount[r] <= CAPTURED); /* invariant 1: what is promised is there */
#ifdef INTENTION_AFTER_CALL
      lease[r] = me; k = newestKey(r); earlierUnknown = 0;
#else
      status[r] = EXECUTING; age[r] = (tried[r] -> age[r] : 0);
      goto beginCreate
#endif
    :: else ->
beginRetry:
#ifdef NO_LOOK_UP
      goto beginCreate;
#endif
      earlierUnknown = unknown[r];
      maySend = !errorKept[r] || age[r] == 2;
#ifndef REPLACED_ONCE_CHECKED
      if
      :: knownReplaced(r) && !unknown[r] -> conclude(r, REFUSED); goto done
      :: knownReplaced(r) && unknown[r] -> maySend = 0; takeLease(r); k = newestKey(r); goto lookUp
      :: else
      fi;
#endif
      if
      :: errorKept[r] || (unknown[r] && age[r] >= 1) -> takeLease(r); k = newestKey(r); goto lookUp
      :: else -> goto beginCreate
      fi
    fi;
    goto create;
beginCreate: /* insertAttempt */
#ifdef NEW_KEY_ON_RETRY
    if
    :: tried[r] && approvals[r] < KEYS -> approvals[r]++
    :: else
    fi;
#endif
    /* Invariant 1: nothing is sent in place of a refund that the desk knows Stripe to have. */
    assert(!knownReplaced(r));
    takeLease(r);
    earlierUnknown = unknown[r]; unknown[r] = 1; tried[r] = 1;
    errorKept[r] = 0; lastCreate[r] = me; rested[r] = 0; k = newestKey(r)
  };

create: /* create-at-stripe.ts */
  atomic {
    if
    :: executeAtStripe(r, k, answer)
    :: faults > 0 -> faults--; answer = UNKNOWN                                   /* lost before */
    :: faults > 0 -> faults--; executeAtStripe(r, k, answer); answer = UNKNOWN    /* lost after */
    :: faults > 0 && !underWay[r] -> faults--; underWay[r] = k + 1; answer = UNKNOWN /* executed later */
    :: faults > 0 && keyOf(r, k) == UNUSED -> faults--; keyOf(r, k) = KEPT_500; answer = UNKNOWN
    :: REPLACEMENT && faults > 0 && keyOf(r, k) == UNUSED && !underWay[r] ->      /* and executed later */
      faults--; keyOf(r, k) = KEPT_500; underWay[r] = k + 1; answered[r] = 1; answer = UNKNOWN
    :: faults > 0 && keyOf(r, k) == UNUSED ->                                     /* executed, kept as a 500 */
      faults--; executeAtStripe(r, k, answer); keyOf(r, k) = KEPT_500; answer = UNKNOWN
    :: faults > 0 -> faults--; answer = LATER
    :: faults > 0 -> faults--; answer = IN_USE
    mayDie
    fi
  };

judge: /* judge-outcome.ts */
  if
  :: atomic { isRefusalDoubted -> goto judgeRefusal }
  :: !(isRefusalDoubted) -> goto finish
  mayDie
  fi;

judgeRefusal: /* judge-outcome.ts judgeRefusal, look-up-refund.ts */
  atomic {
    if
    :: faults > 0 -> faults--; answer = (earlierUnknown -> UNKNOWN : LATER)
    :: list(r, found, unclear);
      if
      :: found -> answer = ACCEPTED
      :: else
      fi
    mayDie
    fi
  };
  goto finish;

lookUp: /* look-up-refund.ts */
  atomic {
    if
    :: faults > 0 -> faults--; answer = (earlierUnknown -> UNKNOWN : LATER); goto finish
    :: list(r, found, unclear);
      if
      :: found -> answer = ACCEPTED; goto finish
      :: else
      fi
    mayDie
    fi
  };
  if
  :: atomic { !unclear && maySend -> goto createAfterLookUp }
  :: unclear || !maySend -> goto finish
  mayDie
  fi;

createAfterLookUp: /* execute-refund.ts lookUpThenCreate, begin-attempt.ts with heldLease */
  atomic {
    if
    :: isStillMine(r) && !knownReplaced(r) -> goto beginCreate
    :: isStillMine(r) && knownReplaced(r) -> goto finish
    :: status[r] == APPROVED && lease[r] == NOBODY -> goto beginFirst
    :: !mayGoOn(r) -> goto done
    mayDie
    fi
  };

finish: /* finish-attempt.ts */
  atomic {
    if
    :: atomic { crashes > 0 -> crashes--; goto die }
    :: k == newestKey(r) && !over(r) ->
      errorKept[r] = errorKept[r] || (answer == UNKNOWN_REPLAYED && lastCreate[r] == me);
      disputedKey[r] = disputedKey[r] || answer == DISPUTED
    :: k != newestKey(r) || over(r)
    fi;
#ifdef INTENTION_AFTER_CALL
    status[r] = (status[r] == APPROVED -> EXECUTING : status[r]); tried[r] = 1;
#endif
    if
    :: answer == ACCEPTED && !adopted[r] && found -> settle(r, at[r])
    /* What Stripe keeps under a key is the refund as it was when it was made. */
    :: answer == ACCEPTED && !adopted[r] && !found && (was[r] & 1) -> settle(r, PENDING)
    :: answer == ACCEPTED && !adopted[r] && !found && !(was[r] & 1) -> settle(r, SUCCEEDED)
    :: answer == ACCEPTED && adopted[r] && status[r] == EXECUTING -> conclude(r, SUPERSEDED)
    :: answer == ACCEPTED && adopted[r] && status[r] != EXECUTING
    :: answer != ACCEPTED && (status[r] != EXECUTING || lease[r] != me)
    :: answer != ACCEPTED && status[r] == EXECUTING && lease[r] == me ->
applyVerdict:
      if
      :: answer == TOO_MUCH -> conclude(r, REFUSED)
      :: answer == DISPUTED && dispute == LOST -> conclude(r, REFUSED)
      :: answer == DISPUTED && dispute != LOST ->
        assert(at[r] == NONE || adopted[r]);
        status[r] = BLOCKED; unknown[r] = 0; lease[r] = NOBODY; due[r] = NOW; disputeKnown = (dispute == OPEN)
      :: answer == LATER -> release(r, earlierUnknown, NOW)
      :: answer == IN_USE -> release(r, 1, NOW)
#ifdef UNKNOWN_IS_FAILED
      :: answer == UNKNOWN || answer == UNKNOWN_REPLAYED -> conclude(r, REFUSED)
#else
      :: answer == UNKNOWN || (answer == UNKNOWN_REPLAYED && age[r] < 2) -> release(r, 1, NOW)
      :: answer == UNKNOWN_REPLAYED && age[r] == 2 -> release(r, 1, TOMORROW)
#endif
      :: answer == NOTHING && unclear -> release(r, 1, NEVER)
      :: answer == NOTHING && !unclear && knownReplaced(r) && rested[r] -> conclude(r, REFUSED)
      :: answer == NOTHING && !unclear && !(knownReplaced(r) && rested[r]) -> release(r, earlierUnknown, TOMORROW)
      fi
    fi
  };

done:
  atomic {
    calling--; forgetAll(); r = 0; k = 0; earlierUnknown = 0; maySend = 0; found = 0; unclear = 0; answer = NOTHING;
    goto end_begin
  };
die:
  atomic {
    if
    :: lease[r] == me -> lease[r] = DEAD
    :: else
    fi;
    goto done
  }
}

/* ---- People: request-refund.ts, approve-refund.ts, reject-refund.ts, withdraw-refund.ts ---- */
inline request(x, left, asks) {
  atomic {
    (asks & (1 << x)) && status[x] == NONE && !disputeKnown && leftFor(x) > 0 -> left = leftFor(x);
    readToInsert
    if
    :: amount[x] = left
    :: left > 1 -> amount[x] = 1
    fi;
    assert(heldByOthers(x) + amount[x] <= CAPTURED); /* invariant 1: nothing is reserved twice */
    if
    :: approve(x) /* by the app's rule */
    :: status[x] = AWAITING
    fi;
    left = 0
  }
}

inline decide(x) {
  atomic {
    status[x] == AWAITING ->
    readToDecide
    if
    :: approve(x)
    :: status[x] = REJECTED
    fi
  }
}

#ifdef WITHDRAW_UNKNOWN
#define mayWithdraw(x) (status[x] == AWAITING || status[x] == APPROVED || status[x] == BLOCKED || status[x] == EXECUTING)
#else
#define mayWithdraw(x) \
  (!unknown[x] && (status[x] == AWAITING || status[x] == APPROVED || status[x] == BLOCKED))
#endif
inline withdraw(x) {
  atomic { mayWithdraw(x) -> inForce[x] = 0; conclude(x, WITHDRAWN) }
}

/* A person looks at the equal refund that stopped the retries, and sees what it is. */
/* supersede-refund.ts: the look-up and the transaction after it are one here, since what becomes known in between
 * ends it. The look-up that found nothing before is any that left the row as it is. */
inline supersede() {
  atomic {
    status[0] == EXECUTING && unknown[0] && errorKept[0] && (lease[0] == NOBODY || lease[0] == DEAD) &&
    status[1] == NONE && (at[0] == NONE || edited[0]) && amount[0] <= leftFor(0) ->
    found = 0; unclear = 0;
    list(0, found, unclear);
    if
    :: !found && !unclear ->
      status[0] = SUPERSEDED; lease[0] = NOBODY;
      amount[1] = amount[0];
      approve(1)
    :: else
    fi;
    found = 0; unclear = 0
  }
}

inline resolve(x) {
  atomic {
    status[x] == EXECUTING && unknown[x] && due[x] == NEVER ->
    if
    :: adopted[x] -> conclude(x, SUPERSEDED)
    :: else -> dismissed[x] = 7 & ~(1 << x); due[x] = NOW
    fi
  }
}

/* Without mistakes a person keeps nothing between two transactions, so that one stands for any number. */
proctype Person(byte asks) {
  byte left = 0;
  bit found = 0;
  bit unclear = 0;
end:
  do
#if REPLACEMENT
  :: supersede()
#endif
  :: request(0, left, asks)
  :: decide(0)
  :: withdraw(0)
  :: resolve(0)
#if REQUESTS == 2
#if !REPLACEMENT
  :: request(1, left, asks)
#endif
  :: decide(1)
  :: withdraw(1)
  :: resolve(1)
#endif
  od
}

/* ---- What happens at Stripe by itself, and by the merchant ---- */
inline move(x) {
  atomic {
    at[x] == PENDING || at[x] == SUCCEEDED ->
    if
    :: at[x] == PENDING -> at[x] = SUCCEEDED; was[x] = was[x] | 2
    :: at[x] = FAILED; was[x] = was[x] | 4
    fi
  }
}

inline arriveLate(x, answer) {
  atomic {
    underWay[x] > 0 ->
    if
    :: answered[x] -> keyOf(x, underWay[x] - 1) = UNUSED
    :: else
    fi;
    executeAtStripe(x, underWay[x] - 1, answer);
    if
    :: answered[x] -> keyOf(x, underWay[x] - 1) = KEPT_500
    :: else
    fi;
    underWay[x] = 0; answered[x] = 0; answer = NOTHING
  }
}

inline edit(x) {
  atomic { edits > 0 && at[x] != NONE && !hasId[x] && !edited[x] -> edits--; edited[x] = 1 }
}

proctype Stripe() {
  mtype:outcome answer = NOTHING;
end:
  do
  :: move(0)
  :: arriveLate(0, answer)
  :: edit(0)
#if REQUESTS == 2
  :: move(1)
  :: arriveLate(1, answer)
  :: edit(1)
#endif
  :: atomic { FOREIGN > 0 && !foreign && dispute != OPEN && dispute != LOST && returnedAtStripe + FOREIGN_AMOUNT <= CAPTURED ->
       foreign = 1 }
  :: atomic { DISPUTES > 0 && dispute == CALM -> dispute = OPEN }
  :: atomic { dispute == OPEN -> dispute = WON }
  :: atomic { dispute == OPEN -> dispute = LOST }
  od
}

/* ---- Webhooks: in any order, any number of times, or never. Deliveries that change nothing are left out ---- */
#define news(x, state) \
  (!deaf && at[x] != NONE && !adopted[x] && (!hasId[x] || canMove(status[x], state)))
proctype Webhooks() {
end:
  do
  :: atomic { (was[0] & 1) && news(0, PENDING) -> settle(0, PENDING) }
  :: atomic { (was[0] & 2) && news(0, SUCCEEDED) -> settle(0, SUCCEEDED) }
  :: atomic { (was[0] & 4) && news(0, FAILED) -> settle(0, FAILED) }
  :: atomic { !deaf && edited[0] && !hasId[0] && !adopted[0] -> adopted[0] = 1 }
#if REQUESTS == 2
  :: atomic { (was[1] & 1) && news(1, PENDING) -> settle(1, PENDING) }
  :: atomic { (was[1] & 2) && news(1, SUCCEEDED) -> settle(1, SUCCEEDED) }
  :: atomic { (was[1] & 4) && news(1, FAILED) -> settle(1, FAILED) }
  :: atomic { !deaf && edited[1] && !hasId[1] && !adopted[1] -> adopted[1] = 1 }
#endif
  :: atomic { !deaf && foreign && !foreignRow -> foreignRow = 1 }
  :: atomic { !deaf && dispute == OPEN && !disputeKnown -> disputeKnown = 1 }
  :: atomic { !deaf && dispute != OPEN && disputeKnown -> disputeKnown = 0 }
  :: atomic { !deaf -> deaf = 1 }
  od
}

/* ---- The sweep: refresh-refund.ts, resume-one.ts ---- */
inline refresh(x) {
  atomic { hasId[x] && status[x] != at[x] && canMove(status[x], at[x]) -> settle(x, at[x]) }
}

/* reconciliation: lists the refunds of the account, whoever made them. */
inline takeIn(x) {
  atomic {
    status[x] == SUPERSEDED && at[x] != NONE && !hasId[x] && !adopted[x] ->
    if
    :: edited[x] -> adopted[x] = 1
    :: else -> settle(x, at[x])
    fi
  }
}

inline resume(x) {
  atomic {
    status[x] == BLOCKED && dispute != OPEN ->
    disputeKnown = 0;
    if
    :: dispute == LOST -> conclude(x, REFUSED)
#ifdef SAME_KEY_AFTER_REFUSAL
    :: dispute != LOST -> status[x] = APPROVED; due[x] = NOW
#else
    :: dispute != LOST && inForce[x] && !disputedKey[x] -> status[x] = APPROVED; due[x] = NOW
    :: dispute != LOST -> inForce[x] = 0; approve(x)
    :: dispute != LOST -> inForce[x] = 0; status[x] = AWAITING; forgetKey(x)
#endif
    fi
  }
}

proctype Sweep() {
end:
  do
  :: refresh(0)
  :: resume(0)
#if REPLACEMENT
  :: takeIn(0)
#endif
#if REQUESTS == 2
  :: refresh(1)
  :: resume(1)
#endif
  od
}

/* ---- A day goes by. Calls, and processes in the middle of one, do not last that long ---- */
#ifdef INTENTION_AFTER_CALL
#define ages(x) (status[x] == APPROVED || status[x] == EXECUTING)
#else
#define ages(x) (tried[x] && (status[x] == APPROVED || status[x] == EXECUTING || status[x] == BLOCKED))
#endif
#ifdef PAUSED_FOR_A_DAY
#define nobodyCalls true
#else
#define nobodyCalls (calling == 0)
#endif
#define awaitsDay(x) (ages(x) && (age[x] < 2 || due[x] == TOMORROW))
inline grow(x) {
  if
  :: ages(x) ->
    age[x] = (age[x] < 2 -> age[x] + 1 : 2);
    rested[x] = REPLACEMENT && x == 1;
    due[x] = (due[x] == TOMORROW -> NOW : due[x]);
    if
    :: age[x] == 2 -> keyOf(x, 0) = UNUSED; keyOf(x, 1) = UNUSED
    :: age[x] == 2 && faults > 0 -> faults-- /* Stripe keeps it longer than promised */
    :: age[x] < 2
    fi
  :: else
  fi
}

proctype Clock() {
end:
  do
#if REQUESTS == 2
  :: atomic { nobodyCalls && !underWay[0] && !underWay[1] && (awaitsDay(0) || awaitsDay(1)) -> grow(0); grow(1) }
#else
  :: atomic { nobodyCalls && !underWay[0] && awaitsDay(0) -> grow(0) }
#endif
  od
}

init {
  atomic {
    run Worker(1); run Worker(2); run Stripe(); run Webhooks(); run Sweep(); run Clock();
#if defined(NO_LOCK) || defined(NO_COMPARE)
    run Person(1); run Person(2)
#else
    run Person(3)
#endif
  }
}

/* ---- Once faults stop, every refund rests, and the desk shows what Stripe has ---- */
/* What was replaced may turn up until Stripe has forgotten its key: reconciliation takes it in. */
#define isDone(x) (!unknown[x] || status[x] == SUPERSEDED)
#define ended(x) (status[x] == NONE || status[x] == SUCCEEDED || status[x] == FAILED || status[x] == REFUSED || \
                  status[x] == REJECTED || status[x] == WITHDRAWN || status[x] == SUPERSEDED)
#define shown(x) (at[x] == NONE || adopted[x] || (hasId[x] && status[x] == at[x]))
#define rests(x) (ended(x) && shown(x) && isDone(x) && lease[x] == NOBODY)
#if REQUESTS == 2
ltl everyRefundRests { <>[] (rests(0) && rests(1)) }
#else
ltl everyRefundRests { <>[] rests(0) }
#endif
