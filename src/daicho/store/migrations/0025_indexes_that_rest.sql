-- kinds: registry, cs, prefecture, national
-- Indexes that rest while a whole register or copy comes in; what stands here is built before the next start at the latest.

CREATE TABLE public.resting_index (
    definition text PRIMARY KEY
);
