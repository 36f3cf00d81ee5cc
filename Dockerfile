# A static program in an empty image. It runs as nobody in particular and needs no network:
#   docker run --rm --network none -v "$PWD:/work:ro" launchlint scan
# There is no git inside, so `--diff` and `--staged` are for other ways to install.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /source
COPY . .
RUN cargo build --profile dist --locked --bin launchlint

FROM scratch
COPY --from=build /source/target/dist/launchlint /launchlint
COPY --from=build /source/LICENSE-APACHE /source/LICENSE-MIT /
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/launchlint"]
CMD ["scan"]
