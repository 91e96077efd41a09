-- What is with a carrier, or was and has not left for history: so that a start finds it among millions
-- that wait.

CREATE INDEX message_opened ON message(id) WHERE account > 0;
