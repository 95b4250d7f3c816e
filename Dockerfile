# The orders module as one image: the same for web, worker, migrate and audit; ROLES and the command say which.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY client-sdk/package.json client-sdk/package.json
COPY client-sdk/storefront/package.json client-sdk/storefront/package.json
COPY client-sdk/desk/package.json client-sdk/desk/package.json
COPY dev/paystack-sandbox/package.json dev/paystack-sandbox/package.json
RUN npm install
COPY tsconfig.json tsconfig.build.json ./
COPY models models
COPY jobs jobs
COPY server server
COPY client-sdk client-sdk
RUN npx tsc -p tsconfig.build.json
RUN npm run build -w @orders-module/storefront -w @orders-module/desk
RUN npm prune --omit=dev

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/client-sdk/storefront/dist storefront
COPY --from=build /app/client-sdk/desk/dist desk
USER node
EXPOSE 3000 3001
# Node gets SIGTERM itself and ends gracefully, within 30 s.
CMD ["node", "dist/server/main.js"]
