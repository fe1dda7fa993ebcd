#!/usr/bin/env bash
# Builds the Linux that the tests boot: kernel, device trees and RAM disk, from the packages of Debian 12. Tests find it by
# the environment variable CURIOS_IMAGES, which names the folder that holds linux-6.1.
#   tests/linux/build.sh FOLDER     makes FOLDER/linux-6.1; about 15 minutes on two cores, 2 GB of room. A build that was
#                                   broken off goes on where it was, from FOLDER/linux-6.1.build
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=(linux-source-6.1 gcc-arm-linux-gnueabi gcc libc6-dev make bc bison flex libssl-dev xz-utils device-tree-compiler)
applets=(awk cat chmod cmp cp cut date dd df echo env false grep gunzip gzip head hostname ip kill ls md5sum mkdir mknod mount mv
  nc ping poweroff ps pwd reboot rm rmdir sed seq sh sleep sort sync tail tar test touch tr true umount uname uniq wc wget yes)

die() {
  printf 'build.sh: %s\n' "$1" >&2
  exit 2
}

[[ $# == 1 && $1 != -* ]] || die 'give the folder in which linux-6.1 is to be made'
source=/usr/src/linux-source-6.1.tar.xz
[[ -r $source ]] || die "$source is missing: apt-get install --no-install-recommends ${packages[*]}"
for tool in arm-linux-gnueabi-gcc cc make bc bison flex xz fdtget fdtput dpkg-deb; do
  command -v "$tool" >/dev/null || die "$tool is missing: apt-get install --no-install-recommends ${packages[*]}"
done
target=$1/linux-6.1
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$target.build
mkdir -p "$work"
tree=$work/linux-source-6.1

# busybox of another architecture, by lists of packages of our own: the host's are left alone.
fetch_busybox() {
  [[ -x $work/busybox/bin/busybox ]] && return
  mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial"
  touch "$work/apt/status"
  local options=(-q -o APT::Architecture=armel -o APT::Architectures=armel -o Dir::State="$work/apt" -o Dir::Cache="$work/apt"
    -o Dir::State::status="$work/apt/status" -o APT::Sandbox::User=root)
  (cd "$work" && apt-get "${options[@]}" update >/dev/null && apt-get "${options[@]}" download busybox-static:armel >/dev/null)
  dpkg-deb -x "$work"/busybox-static_*.deb "$work/busybox"
}

in_tree() {
  make -s -C "$tree" ARCH=arm CROSS_COMPILE=arm-linux-gnueabi- "$@"
}

configure() {
  [[ -e $tree/.configured ]] && return
  tar -C "$work" -xf "$source"
  in_tree versatile_defconfig
  for option in DEVTMPFS DEVTMPFS_MOUNT BLK_DEV_INITRD EXT2_FS EXT4_FS TMPFS ARM_APPENDED_DTB ARM_ATAG_DTB_COMPAT MMC \
    MMC_ARMMMCI MMC_BLOCK SMC91X PACKET INET IP_PNP IP_PNP_DHCP; do
    "$tree/scripts/config" --file "$tree/.config" --enable "$option"
  done
  "$tree/scripts/config" --file "$tree/.config" --disable DEBUG_INFO --enable DEBUG_INFO_NONE
  in_tree olddefconfig
  cp "$tree/.config" "$target/config"
  touch "$tree/.configured"
}

# The tree of the source has the second interrupt of each card controller at the wrong input of the secondary controller: DUI
# 0224 says 22 and 1 for the first, 23 and 2 for the second.
build_trees() {
  local card=$target/versatile-pb-card.dtb slot0=/amba/fpga/mmc@5000 slot1=/amba/fpga/mmc@b000 sic
  in_tree versatile-pb.dtb
  cp "$tree/arch/arm/boot/dts/versatile-pb.dtb" "$target"
  cp "$target/versatile-pb.dtb" "$card"
  sic=$(fdtget -t x "$card" $slot0 interrupts-extended | cut -d' ' -f1)
  fdtput -t x "$card" $slot0 interrupts-extended "$sic" 16 "$sic" 1
  fdtput -t x "$card" $slot1 interrupts-extended "$sic" 17 "$sic" 2
}

build_ramdisk() {
  local list=$work/list
  {
    for folder in bin dev etc mnt proc root sys tmp; do echo "dir /$folder 755 0 0"; done
    echo 'nod /dev/console 600 0 0 c 5 1'
    echo "file /init $here/init 755 0 0"
    echo "file /bin/busybox $work/busybox/bin/busybox 755 0 0"
    for applet in "${applets[@]}"; do echo "slink /bin/$applet busybox 777 0 0"; done
  } >"$list"
  cc -o "$work/gen_init_cpio" "$tree/usr/gen_init_cpio.c"
  "$work/gen_init_cpio" "$list" | gzip -9 >"$target/initrd.gz"
}

build_kernel() {
  in_tree -j"$(nproc)" zImage
  cp "$tree/arch/arm/boot/zImage" "$tree/vmlinux" "$target"
}

fetch_busybox
configure
build_trees
build_ramdisk
build_kernel
rm -rf "$work"
printf 'made %s; run the tests with CURIOS_IMAGES=%s\n' "$target" "$(dirname "$target")"
