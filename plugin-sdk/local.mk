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
# What `koppel new` makes a folder of.
skeletonconnectordir = $(pkgdatadir)/skeleton/connector
dist_skeletonconnector_DATA = plugin-sdk/skeleton/connector/Makefile plugin-sdk/skeleton/connector/acme.7 \
  plugin-sdk/skeleton/connector/acme.c plugin-sdk/skeleton/connector/acme.json \
  plugin-sdk/skeleton/connector/acme.test.conf
skeletoncasesdir = $(pkgdatadir)/skeleton/connector/cases
dist_skeletoncases_DATA = plugin-sdk/skeleton/connector/cases/customer.json
skeletonmappingsdir = $(pkgdatadir)/skeleton/connector/mappings
dist_skeletonmappings_DATA = plugin-sdk/skeleton/connector/mappings/customer.get.conf \
  plugin-sdk/skeleton/connector/mappings/customer.send.conf
skeletontransformdir = $(pkgdatadir)/skeleton/transform
dist_skeletontransform_DATA = plugin-sdk/skeleton/transform/Makefile plugin-sdk/skeleton/transform/acme.7 \
  plugin-sdk/skeleton/transform/acme.c plugin-sdk/skeleton/transform/acme.json \
  plugin-sdk/skeleton/transform/acme.test.conf
skeletondebiandir = $(pkgdatadir)/skeleton/debian
dist_skeletondebian_DATA = plugin-sdk/skeleton/debian/changelog plugin-sdk/skeleton/debian/control \
  plugin-sdk/skeleton/debian/copyright plugin-sdk/skeleton/debian/rules
skeletonsourcedir = $(pkgdatadir)/skeleton/debian/source
dist_skeletonsource_DATA = plugin-sdk/skeleton/debian/source/format
