-- Where replies come in that belong to a thread: `slack:T01/C01/1700000000.000100`, `sms:+15550100`. Code that knows nothing of it goes on as before.
alter table threads add column addresses text[];
