#!/usr/bin/env bash
# Runs Debian's user land for armel on the machine: a card made by debootstrap, root on it, and dpkg, perl and checksums of
# large files in it, compared with those of the host. Long, and so no part of the tests.
#   tests/linux/debian.sh [FOLDER]     keeps the card in FOLDER, and continues an interrupted download there; needs root for
#                                      debootstrap, and CURIOS_IMAGES as build.sh says; DEBIAN_MIRROR is another mirror than
#                                      the usual one
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
images=${CURIOS_IMAGES:-$root/../shared/images}/linux-6.1

die() {
  printf 'debian.sh: %s\n' "$1" >&2
  exit 2
}

for tool in debootstrap mke2fs e2fsck sha256sum; do
  command -v "$tool" >/dev/null || die "$tool is missing: apt-get install debootstrap e2fsprogs"
done
[[ $(id -u) == 0 ]] || die 'debootstrap makes device files, which only root may'
[[ -r $images/zImage ]] || die "no Linux in $images; tests/linux/build.sh makes it, CURIOS_IMAGES names its folder"
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
card=$folder/debian.img
tree=$folder/root

if [[ ! -e $tree/.first-stage ]]; then
  debootstrap --arch=armel --variant=minbase --foreign bookworm "$tree" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
  touch "$tree/.first-stage"
fi
head -c 20000000 /dev/zero | tr '\0' 'x' >"$tree/large"
# The first start finishes the installation on the machine itself, each one then does the checks.
cat >"$tree/check" <<'EOF'
#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C
mount -t proc none /proc
mount -t sysfs none /sys
if [ -x /debootstrap/debootstrap ]; then
  /debootstrap/debootstrap --second-stage || { echo DEBIAN-FAILED; sync; echo b >/proc/sysrq-trigger; }
  exec /check # the installation has replaced the libraries that this shell still has open
fi
# The second stage unmounts it.
[ -e /proc/sysrq-trigger ] || mount -t proc none /proc
echo "DPKG $(dpkg -l | grep -c '^ii')"
echo "PERL $(perl -e '$s += $_ ** 2 for 1 .. 1000; print $s')"
echo "SHA256 $(sha256sum </large | cut -d' ' -f1)"
sync
echo u >/proc/sysrq-trigger
for i in 1 2 3 4 5 6 7 8 9 10; do
  grep -q ' / ext2 ro' /proc/mounts && break
  sleep 1
done
echo DEBIAN-DONE
echo b >/proc/sysrq-trigger
EOF
chmod 755 "$tree/check"
rm -f "$card"
mke2fs -q -t ext2 -d "$tree" "$card" 1G

"$root/curios" run "$images/zImage" --ram 256M --dtb "$images/versatile-pb-card.dtb" --sd "$card" --no-reboot \
  --append 'console=ttyAMA0 root=/dev/mmcblk0 rw rootwait init=/check panic=-1 quiet' </dev/null | tee "$folder/debian.txt"

expect() {
  grep -q "^$1" "$folder/debian.txt" || {
    printf 'debian.sh: no line %s in %s\n' "$1" "$folder/debian.txt" >&2
    exit 1
  }
}
expect 'DPKG [1-9]'
expect 'PERL 333833500'
expect "SHA256 $(sha256sum <"$tree/large" | cut -d' ' -f1)"
expect DEBIAN-DONE
e2fsck -fn "$card" || exit 1
printf 'debian.sh: all as on the host; the card is %s\n' "$card"
