-- Bodies of a few kB stay in their row as they came: compressing each costs more processor than writing it.
-- PostgreSQL still moves what is larger than this out of the row.
ALTER TABLE stripe_events SET (toast_tuple_target = 8160);
