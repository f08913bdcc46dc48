# SPDX-License-Identifier: MIT
mplusmappingsdir = $(pkgdatadir)/mappings/mpluskassa
dist_mplusmappings_DATA = conf/mappings/mpluskassa/day-total.get.conf conf/mappings/mpluskassa/invoice.get.conf \
  conf/mappings/mpluskassa/order.get.conf conf/mappings/mpluskassa/order.send.conf \
  conf/mappings/mpluskassa/packing-slip.get.conf conf/mappings/mpluskassa/proposal.get.conf \
  conf/mappings/mpluskassa/proposal.send.conf conf/mappings/mpluskassa/relation.get.conf \
  conf/mappings/mpluskassa/relation.send.conf
# the goods side
dist_mplusmappings_DATA += conf/mappings/mpluskassa/article-group.get.conf conf/mappings/mpluskassa/article-group.send.conf \
  conf/mappings/mpluskassa/article.get.conf conf/mappings/mpluskassa/article.send.conf \
  conf/mappings/mpluskassa/product.send.conf conf/mappings/mpluskassa/stock.get.conf \
  conf/mappings/mpluskassa/stock.send.conf
asperionmappingsdir = $(pkgdatadir)/mappings/asperion
dist_asperionmappings_DATA = conf/mappings/asperion/article.get.conf conf/mappings/asperion/article.send.conf \
  conf/mappings/asperion/debtor.get.conf conf/mappings/asperion/debtor.send.conf \
  conf/mappings/asperion/financial-mutation.send.conf conf/mappings/asperion/journal-entry.send.conf \
  conf/mappings/asperion/sales-invoice.send.conf conf/mappings/asperion/sales-order.get.conf \
  conf/mappings/asperion/sales-order.send.conf conf/mappings/asperion/stock.get.conf
# worked examples of descriptions, each with the folders of a configuration
restcrmconnectionsddir = $(pkgdatadir)/rest/crm/connections.d
dist_restcrmconnectionsd_DATA = conf/rest/crm/connections.d/crm.conf
restcrmconnectorsdir = $(pkgdatadir)/rest/crm/connectors
dist_restcrmconnectors_DATA = conf/rest/crm/connectors/crm.json
restcrmflowsddir = $(pkgdatadir)/rest/crm/flows.d
dist_restcrmflowsd_DATA = conf/rest/crm/flows.d/contacts.conf
restcrmmappingscrmdir = $(pkgdatadir)/rest/crm/mappings/crm
dist_restcrmmappingscrm_DATA = conf/rest/crm/mappings/crm/contact.get.conf conf/rest/crm/mappings/crm/contact.send.conf
resthooksconnectionsddir = $(pkgdatadir)/rest/hooks/connections.d
dist_resthooksconnectionsd_DATA = conf/rest/hooks/connections.d/hooks.conf
resthooksconnectorsdir = $(pkgdatadir)/rest/hooks/connectors
dist_resthooksconnectors_DATA = conf/rest/hooks/connectors/hooks.json
resthooksflowsddir = $(pkgdatadir)/rest/hooks/flows.d
dist_resthooksflowsd_DATA = conf/rest/hooks/flows.d/notices.conf
restshopconnectionsddir = $(pkgdatadir)/rest/shop/connections.d
dist_restshopconnectionsd_DATA = conf/rest/shop/connections.d/shop.conf
restshopconnectorsdir = $(pkgdatadir)/rest/shop/connectors
dist_restshopconnectors_DATA = conf/rest/shop/connectors/shop.json
restshopmappingsshopdir = $(pkgdatadir)/rest/shop/mappings/shop
dist_restshopmappingsshop_DATA = conf/rest/shop/mappings/shop/customer.get.conf conf/rest/shop/mappings/shop/customer.send.conf
dist_man5_MANS += conf/koppel.conf.5
prometheusdir = $(pkgdatadir)/prometheus
dist_prometheus_DATA = conf/prometheus/koppel.rules.test.yml conf/prometheus/koppel.rules.yml
grafanadir = $(pkgdatadir)/grafana
dist_grafana_DATA = conf/grafana/koppel.json
dist_man7_MANS += conf/koppel-cookbook.7
dist_man7_MANS += conf/koppel-hosts.7
exampledir = $(pkgdatadir)/example
dist_example_DATA = conf/example/alerts.conf conf/example/koppel.conf
exampleconndir = $(exampledir)/connections.d
dist_exampleconn_DATA = conf/example/connections.d/till.conf conf/example/connections.d/books.conf
exampleflowdir = $(exampledir)/flows.d
dist_exampleflow_DATA = conf/example/flows.d/customers-to-till.conf \
  conf/example/flows.d/customers.conf \
  conf/example/flows.d/day-totals.conf \
  conf/example/flows.d/deliveries.conf \
  conf/example/flows.d/invoices.conf \
  conf/example/flows.d/mutations.conf \
  conf/example/flows.d/orders-to-till.conf \
  conf/example/flows.d/orders.conf \
  conf/example/flows.d/products-to-books.conf \
  conf/example/flows.d/products.conf \
  conf/example/flows.d/sales-orders.conf \
  conf/example/flows.d/stock.conf
exampletabledir = $(exampledir)/tables
dist_exampletable_DATA = conf/example/tables/books-methods.csv \
  conf/example/tables/books-rates.csv \
  conf/example/tables/books-vat.csv \
  conf/example/tables/branches.csv \
  conf/example/tables/delivery.csv \
  conf/example/tables/groups.csv \
  conf/example/tables/payment-accounts.csv \
  conf/example/tables/payment.csv \
  conf/example/tables/revenue.csv \
  conf/example/tables/sales-types.csv \
  conf/example/tables/till-articles.csv conf/example/tables/till-delivery.csv \
  conf/example/tables/till-groups.csv \
  conf/example/tables/till-payment.csv \
  conf/example/tables/till-rates.csv \
  conf/example/tables/till-vat.csv \
  conf/example/tables/vat-accounts.csv \
  conf/example/tables/vat.csv
# what the shipped mappings do to records, by behaviour; beside the example for tests alone, as whoever
# copies the example has other tables
EXTRA_DIST += conf/cases

# The guide: pages whose commands a test runs; as HTML by `make guide`, which needs cmark.
GUIDE = conf/guide/author.md conf/guide/bookkeeper.md conf/guide/index.md conf/guide/integrator.md conf/guide/owner.md
EXTRA_DIST += $(GUIDE) conf/guide/build.sh conf/guide/guide.css conf/guide/errors.png conf/guide/mapper.png \
  conf/guide/overview.png
.PHONY: guide
guide:
	cd '$(srcdir)' && sh conf/guide/build.sh '$(abs_top_builddir)/guide' $(dist_man1_MANS) $(dist_man5_MANS) $(dist_man7_MANS)
