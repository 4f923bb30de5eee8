#!/bin/bash
# Makes what a release is: build/release/nperf-VERSION-linux-{x64,arm64}.tar.gz, the NuGet packages and SHA256SUMS. The same
# sources in the same place give the same files. Prints their checksums.
#
#   scripts/release.sh [x64] [arm64] [packages]        default: all of them
#
# Needs the .NET SDK and gcc or clang. The archive of the other processor is linked across: on x64 by Debian's
# gcc-aarch64-linux-gnu with libc6-dev-arm64-cross.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

show_help "$@"
(($# > 0)) || set -- x64 arm64 packages
for part; do [[ $part =~ ^(x64|arm64|packages)$ ]] || die "'$part' is not x64, arm64 or packages (--help)"; done
cd "$root"

readonly release=build/release
version=$(sed -nE 's/.*<Version>(.*)<\/Version>.*/\1/p' Directory.Build.props)
date=$(sed -nE 's/.*<VersionDate>(.*)<\/VersionDate>.*/\1/p' Directory.Build.props)
case $(uname -m) in
    x86_64) here=x64 ;;
    aarch64) here=arm64 ;;
    *) here=none ;;
esac
export SOURCE_DATE_EPOCH MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
SOURCE_DATE_EPOCH=$(date -u -d "$date" +%s)

# archive ARCHITECTURE: the binary for it with what belongs to it, below a prefix.
archive() {
    local rid=linux-$1 name=nperf-$version-linux-$1 binary root
    root=$release/$name
    # One for this processor builds the checkout's launcher, and prints the texts of every archive.
    ./nperf --version >/dev/null
    binary=build/$rid/nperf
    if [[ $1 != "$here" ]]; then
        binary=build/across/$rid/nperf
        dotnet publish src/Nperf/Nperf.csproj -c Release -r "$rid" --artifacts-path build/artifacts -o "${binary%/*}" \
            -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false \
            -p:CopyOutputSymbolsToPublishDirectory=false --nologo --tl:off -v quiet --disable-build-servers
    fi
    if [[ -e $binary.dll ]]; then
        die "$binary is no native binary: gcc or clang does not link here"
    fi
    install -D -m 755 "$binary" "$root/bin/nperf"
    install -D -m 644 -t "$root/share/doc/nperf" LICENSE README.md CHANGELOG.md
    texts "$root/share"
    tar --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --mode=u+rwX,go+rX,go-w -C "$release" -cf - "$name" | gzip -n -9 >"$root.tar.gz"
    rm -r "$root"
}

# texts SHARE: the man page and the completions, where man and the shells look below a prefix.
texts() {
    mkdir -p "$1"/{man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
    ./nperf man | gzip -n -9 >"$1/man/man1/nperf.1.gz"
    ./nperf completion bash >"$1/bash-completion/completions/nperf"
    ./nperf completion zsh >"$1/zsh/site-functions/_nperf"
    ./nperf completion fish >"$1/fish/vendor_completions.d/nperf.fish"
}

packages() {
    local project
    for project in src/Nperf.Core src/Nperf; do
        dotnet pack "$project" -c Release -p:ContinuousIntegrationBuild=true --artifacts-path build/artifacts-packages \
            -o "$release" --nologo --tl:off -v quiet --disable-build-servers
    done
}

rm -rf "$release"
mkdir -p "$release"
for part; do
    if [[ $part == packages ]]; then packages; else archive "$part"; fi
done
cd "$release"
find . -type f -printf '%P\n' | sort | xargs -d '\n' sha256sum -- >"$OLDPWD/build/SHA256SUMS"
mv "$OLDPWD/build/SHA256SUMS" SHA256SUMS
cat SHA256SUMS
