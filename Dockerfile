# syntax=docker/dockerfile:1
# One image for web, worker, beat and setup; docker-compose.yml says which command each runs.

FROM python:3.12-slim-bookworm AS build
# psycopg2 comes as source only: compiler and headers stay in this stage. Debian's stable release keeps its versions.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev gettext \
    && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --extra postgres --extra s3
COPY . .
RUN for po in locale/*/LC_MESSAGES/*.po; do msgfmt --check-format -o "${po%.po}.mo" "$po"; done

FROM python:3.12-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 libmagic1 fontconfig fonts-noto-cjk \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && fc-cache -f \
    && useradd --system --uid 10001 --user-group --no-create-home digao \
    && install -d -o digao -g digao /data /data/tmp
COPY --from=build /app /app
WORKDIR /app
# MALLOC_ARENA_MAX: as in bin/serve. TMPDIR: temporary files lie on disk, not in memory.
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 \
    HOME=/tmp \
    DIGAO_DATA=/data \
    TMPDIR=/data/tmp
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
