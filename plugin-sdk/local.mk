# SPDX-License-Identifier: MIT
koppelincludedir = $(includedir)/koppel
dist_koppelinclude_HEADERS = plugin-sdk/koppel/plugin.h plugin-sdk/koppel/sdk.h
pkgconfig_DATA = plugin-sdk/koppel-plugin.pc
dist_man7_MANS += plugin-sdk/koppel-plugin.7
dist_man1_MANS += plugin-sdk/koppel-plugin-test.1
EXTRA_DIST += plugin-sdk/ABI.md
# What makes packages of plugins for Debian: found by debhelper where they are installed.
dhbindir = $(bindir)
dist_dhbin_SCRIPTS = plugin-sdk/debhelper/dh_koppel
dhaddondir = $(datadir)/perl5/Debian/Debhelper/Sequence
dist_dhaddon_DATA = plugin-sdk/debhelper/koppel.pm
