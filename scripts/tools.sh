# Sourced by the other scripts: finds uv, or brings it into a private folder of this checkout.
# Sets UV (the program) and VENV (the environment's folder).
TOOLS="${TENSHU_TOOLS:-$PWD/.tools}"
VENV="${TENSHU_VENV:-$PWD/.venv}"
UV_VERSION=0.13.9
if [ -x "$TOOLS/uv/bin/uv" ]; then
  UV="$TOOLS/uv/bin/uv"
elif command -v uv >/dev/null 2>&1; then
  UV="$(command -v uv)"
else
  echo "uv がないため、$TOOLS に入れます（管理者権限は不要です）" >&2
  mkdir -p "$TOOLS"
  PY="$(command -v python3 || command -v python)"
  "$PY" -m pip install --quiet --disable-pip-version-check --target "$TOOLS/uv" "uv==$UV_VERSION"
  UV="$TOOLS/uv/bin/uv"
fi
