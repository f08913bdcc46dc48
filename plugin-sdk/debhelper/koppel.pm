# SPDX-License-Identifier: MIT
# The addon of debhelper: dh-sequence-koppel in the Build-Depends of a package of plugins.
use strict;
use warnings;
use Debian::Debhelper::Dh_Lib;

insert_before('dh_installdeb', 'dh_koppel');

1;
