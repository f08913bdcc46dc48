# SPDX-License-Identifier: MIT
# What a service manager needs. Units are made of their own lines and of what all have in common.
UNITS = conf/systemd/koppel.service conf/systemd/koppel@.service conf/systemd/koppel-failed.service \
  conf/systemd/koppel-failed@.service
UNIT_PARTS = conf/systemd/run.part conf/systemd/confined.part
systemdsystemunit_DATA = $(UNITS)
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
tmpfiles_DATA = conf/systemd/koppel.conf
UNIT_SED = sed -e '/^@run@$$/{r $(srcdir)/conf/systemd/run.part' -e 'd;}' \
  -e '/^@confined@$$/{r $(srcdir)/conf/systemd/confined.part' -e 'd;}' -e 's|@bindir[@]|$(bindir)|g' \
  -e 's|@sysconfdir[@]|$(sysconfdir)|g' -e 's|@localstatedir[@]|$(localstatedir)|g'
$(UNITS) conf/systemd/koppel.conf: $(UNIT_PARTS)
	$(AM_V_GEN)$(MKDIR_P) conf/systemd && $(UNIT_SED) $(srcdir)/$@.in > $@
conf/systemd/koppel.service: conf/systemd/koppel.service.in
conf/systemd/koppel@.service: conf/systemd/koppel@.service.in
conf/systemd/koppel-failed.service: conf/systemd/koppel-failed.service.in
conf/systemd/koppel-failed@.service: conf/systemd/koppel-failed@.service.in
conf/systemd/koppel.conf: conf/systemd/koppel.conf.in
CLEANFILES += $(UNITS) conf/systemd/koppel.conf
EXTRA_DIST += $(UNITS:=.in) $(UNIT_PARTS) conf/systemd/koppel.conf.in conf/systemd/sysusers.conf

install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(sysusersdir)'
	$(INSTALL_DATA) $(srcdir)/conf/systemd/sysusers.conf '$(DESTDIR)$(sysusersdir)/koppel.conf'
uninstall-local:
	rm -f '$(DESTDIR)$(sysusersdir)/koppel.conf'
