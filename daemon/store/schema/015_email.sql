-- By which a person wants to be told, where a type goes by more than one, and the address for it.

ALTER TABLE person ADD COLUMN email TEXT NOT NULL DEFAULT '';   -- '': none is known
ALTER TABLE person ADD COLUMN channel TEXT NOT NULL DEFAULT ''; -- sms, email; '': nothing was said
