#!/bin/sh
# Starts nginx as docker-compose.yml wants it: fills in the templates, and reads the list of bans anew when it changes.
set -eu
here=$(dirname "$0")
mkdir -p "$FRONT_FOLDER" "$FRONT_CACHE_FOLDER"
[ -e "$FRONT_BANS" ] || : >"$FRONT_BANS"
names=$(env | sed -n 's/^\(FRONT_[A-Z_]*\|STATIC_ROOT\|MEDIA_ROOT\)=.*/${\1}/p' | tr '\n' ' ')
for name in http site; do
    envsubst "$names" <"$here/$name.conf.template" >"$FRONT_FOLDER/$name.conf"
done
cp "$here"/front-*.html "$FRONT_FOLDER/"
for given in tls realip; do
    [ ! -e "$here/$given.conf" ] || cp "$here/$given.conf" "$FRONT_FOLDER/"
done
if [ -n "${FRONT_BEHIND:-}" ]; then
    for network in $FRONT_BEHIND; do echo "set_real_ip_from $network;"; done >"$FRONT_FOLDER/realip.conf"
    echo "real_ip_header X-Forwarded-For; real_ip_recursive on;" >>"$FRONT_FOLDER/realip.conf"
fi
cat >"$FRONT_FOLDER/nginx.conf" <<MAIN
${FRONT_USER:+user $FRONT_USER;}
worker_processes auto;
pid $FRONT_FOLDER/nginx.pid;
error_log /dev/stderr notice;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    keepalive_timeout 30s;
    client_body_temp_path $FRONT_FOLDER/body;
    proxy_temp_path $FRONT_FOLDER/proxy;
    fastcgi_temp_path $FRONT_FOLDER/fastcgi;
    uwsgi_temp_path $FRONT_FOLDER/uwsgi;
    scgi_temp_path $FRONT_FOLDER/scgi;
    include $FRONT_FOLDER/http.conf;
    include $FRONT_FOLDER/site.conf;
}
MAIN
known=$(cksum "$FRONT_BANS")
while sleep 5 && kill -0 $$; do
    now=$(cksum "$FRONT_BANS" 2>/dev/null || echo "$known")
    [ "$now" = "$known" ] || { known=$now; nginx -c "$FRONT_FOLDER/nginx.conf" -s reload; }
done &
# The shell becomes nginx, whose end ends the loop.
exec nginx -e /dev/stderr -c "$FRONT_FOLDER/nginx.conf" -g 'daemon off;'
