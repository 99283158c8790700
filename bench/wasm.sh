#!/bin/sh
# How fast programs run in the sandbox, beside node on the same file. One table on standard output.
set -eu
cd "$(dirname "$0")/.."
java="${JAVA_HOME:?set it to a JDK 25}/bin/java"
mvn -q -pl sandbox test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath >/dev/null 2>&1
cd sandbox
exec "$java" -cp "target/classes:target/test-classes:$(cat target/bench.classpath)" bourse.sandbox.Bench "$@"
