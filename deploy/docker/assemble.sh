#!/usr/bin/env bash
# Assembles the content of the image: libraries with the native code of one platform, a Java runtime with the modules they
# need, the starter, and an archive of the classes that a run loads.
#
#   assemble.sh amd64|arm64 SOURCES DESTINATION      SOURCES has cli/target/app and starter; JAVA_HOME is a JDK 25
#
# The architecture is that of this machine, or of the emulated one under BuildKit: the runtime comes from JAVA_HOME, and the
# class archive from a run. Without BuildKit the Dockerfile passes an empty argument, which also means this machine.
set -euo pipefail
arch=$1 sources=$2 home=$3
jdk=${JAVA_HOME:?set it to a JDK 25}

case $(uname -m) in
  x86_64) machine=amd64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
arch=${arch:-$machine}
case $arch in
  amd64) keep='linux64\.so$|linux/amd64/|Linux/x86_64/|native/linux-x64/' ;;
  arm64) keep='linux-aarch64\.so$|linux/aarch64/|Linux/aarch64/|native/linux-aarch64/' ;;
  *) echo "unsupported architecture $arch; use amd64 or arm64" >&2; exit 2 ;;
esac
[ "$arch" = "$machine" ] || { echo "this machine is $machine, so the image content for $arch cannot be run and recorded here; build with --platform linux/$arch" >&2; exit 2; }

mkdir -p "$home"
cp -r "$sources/starter" "$home/starter"
cp -r "$sources/cli/target/app" "$home/app"
rm -f "$home/app/.built"

# Each of these has native libraries for every platform; keep those of one.
for jar in "$home"/app/{rocksdbjni,zstd-jni,snappy-java,lz4-java,onnxruntime}-*.jar; do
  parts=$(mktemp -d)
  (cd "$parts" && "$jdk/bin/jar" --extract --file "$jar")
  find "$parts" -type f -regextype posix-extended -regex '.*\.(so|jnilib|dylib|dll|a|pdb)' | grep -Ev "$keep" | xargs -r rm
  find "$parts" -type f -regextype posix-extended -regex '.*\.(so|jnilib|dylib|dll)' | grep -q . \
    || { echo "no native library for $arch in $jar" >&2; exit 1; }
  "$jdk/bin/jar" --create --no-compress --no-manifest --file "$jar" -C "$parts" .
  rm -rf "$parts"
done

# The output of jdeps --print-module-deps for all jars; the run below fails if a module is missing.
"$jdk/bin/jlink" --output "$home/jre" --no-header-files --no-man-pages --add-modules \
java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.rmi,java.security.jgss,\
java.security.sasl,java.sql,java.xml,jdk.httpserver,jdk.management,jdk.unsupported
"$home/jre/bin/java" -XX:+UseG1GC --enable-native-access=ALL-UNNAMED -Xshare:dump -Xlog:disable -Xlog:all=error

# The class archive stores the modification times of its jars; image layers keep only whole seconds.
find "$home/app" -name '*.jar' -exec touch -d '2000-01-01T00:00:00Z' {} +
printf -- '-cp %s\n' "$(find "$home/app" -name '*.jar' | LC_ALL=C sort | paste -sd:)" > "$home/classpath.args"

# Runs the starter, with everything on the loopback interface, to test the runtime and to record the classes.
trial=$(mktemp -d)
(cd "$trial" && "$home/jre/bin/java" "@$home/classpath.args" -XX:ArchiveClassesAtExit="$home/precept.jsa" \
  -Xlog:disable -Xlog:all=error -XX:+UseG1GC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dprecept.home="$home" dev.precept.cli.command.Precept run)
rm -rf "$trial"
[ -s "$home/precept.jsa" ] || { echo "the run wrote no class archive" >&2; exit 1; }
