#!/bin/sh
# Writes nginx's configuration from the templates and front.env: deploy/nginx/fill-in.sh /etc/antiempire/front.env
set -eu
here=$(dirname "$0")
set -a
. "$1"
set +a
names=$(sed -n 's/^\([A-Z_]*\)=.*/${\1}/p' "$1" | tr '\n' ' ')
mkdir -p "$FRONT_FOLDER"
for name in http site; do
    envsubst "$names" <"$here/$name.conf.template" >"$FRONT_FOLDER/$name.conf"
done
cp "$here"/front-*.html "$FRONT_FOLDER/"
