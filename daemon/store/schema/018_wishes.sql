-- When people want to be told, and who must not be treated as all others are.

ALTER TABLE person ADD COLUMN zone TEXT NOT NULL DEFAULT '';  -- IANA; '': that of the house
ALTER TABLE person ADD COLUMN hours TEXT NOT NULL DEFAULT ''; -- 09:00-20:00; '': any
CREATE INDEX person_times ON person(number, zone, hours) WHERE zone <> '' OR hours <> '';
ALTER TABLE customer_account ADD COLUMN vulnerable TEXT NOT NULL DEFAULT ''; -- yes; '': no
CREATE INDEX customer_account_vulnerable ON customer_account(account) WHERE vulnerable <> '';

-- Of what an import bound, while it is bound: its row in binding_log is made when it goes. That log is kept by
-- number and by account, so a million new customers would be written three times over. '': the log has it.
ALTER TABLE binding ADD COLUMN reason TEXT NOT NULL DEFAULT '';
