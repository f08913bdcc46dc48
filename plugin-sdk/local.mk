# SPDX-License-Identifier: MIT
koppelincludedir = $(includedir)/koppel
dist_koppelinclude_HEADERS = plugin-sdk/koppel/plugin.h plugin-sdk/koppel/sdk.h
pkgconfig_DATA = plugin-sdk/koppel-plugin.pc
dist_man7_MANS += plugin-sdk/koppel-plugin.7
EXTRA_DIST += plugin-sdk/ABI.md
