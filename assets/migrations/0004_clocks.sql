-- What is needed to look for an operation later: where Twilio keeps it (a region, or the address of what stands
-- in for Twilio), and what the clock of the run was ahead of Twilio's, in seconds, as far as that was known.

ALTER TABLE operations ADD COLUMN home TEXT;
ALTER TABLE operations ADD COLUMN skew_seconds INTEGER;
