# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node and uses a database server: no bundled Node, no embedded Postgres.
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund \
 && npm install --no-save --ignore-scripts --no-audit --no-fund \
      "@boundaryml/baml-linux-$(node -p process.arch)-gnu@$(node -p "require('@boundaryml/baml/package.json').version")"
COPY baml_src ./baml_src
COPY src ./src
COPY tsconfig*.json ./
RUN npm run generate && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
