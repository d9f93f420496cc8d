-- What the model's calls before a deployment cost, as their events say. Null: by prices that nobody named, or in rows of older code.
alter table deployments add column model_cost numeric;
