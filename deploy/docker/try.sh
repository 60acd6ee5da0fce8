#!/usr/bin/env bash
# Runs the content of the image like a pod, without a container engine: uid 65532, read-only root file system, no shell, and
# only libc and libstdc++ of an operating system. Needs root, Debian and a JDK 25.
#
#   try.sh SOURCES [ARGUMENTS]       SOURCES as for assemble.sh; without arguments runs the starter
set -euo pipefail
sources=$(cd "$1" && pwd) && shift
here=$(cd "$(dirname "$0")" && pwd)
home=/opt/precept
[ ! -e "$home" ] || { echo "$home exists; remove it, because the class archive must be created in that location" >&2; exit 2; }
[ $# -gt 0 ] || set -- run --work /var/lib/precept/work --dataset /var/lib/precept/dataset

root=$(mktemp -d)
trap 'rm -rf "$root" "$home"' EXIT
"$here/assemble.sh" "$(dpkg --print-architecture)" "$sources" "$home" > "$root/assembled" 2>&1 || { cat "$root/assembled" >&2; exit 1; }
mkdir -p "$root"/{opt,proc,dev,tmp,etc,var/lib/precept,debs}
mv "$home" "$root$home"
(cd "$root/debs" && apt-get download -q libc6 libgcc-s1 libstdc++6) > "$root/downloaded" 2>&1 || { cat "$root/downloaded" >&2; exit 1; }
for deb in "$root"/debs/*.deb; do dpkg -x "$deb" "$root"; done
rm -rf "$root/debs" "$root/downloaded"
touch "$root"/dev/{null,urandom,random}

unshare --mount bash -euo pipefail -s "$root" "$@" << 'INSIDE'
root=$1 && shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
for device in null urandom random; do mount --bind "/dev/$device" "$root/dev/$device"; done
mount -t tmpfs -o mode=1777,size=512m tmpfs "$root/tmp"
mount -t tmpfs -o mode=0770,uid=65532,gid=65532 tmpfs "$root/var/lib/precept"
mount -o remount,ro,bind "$root"
cd "$root"
# The entry point of the Dockerfile.
exec env -i /usr/sbin/chroot --userspec=65532:65532 "$root" /opt/precept/jre/bin/java @/opt/precept/classpath.args \
  -XX:SharedArchiveFile=/opt/precept/precept.jsa -XX:MaxRAMPercentage=60 -XX:+UseG1GC \
  -XX:+CrashOnOutOfMemoryError -XX:ErrorFile=/tmp/precept-crash-%p.log \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dprecept.home=/opt/precept \
  dev.precept.cli.command.Precept "$@"
INSIDE
