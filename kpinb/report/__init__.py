"""Executed notebooks as pages for the manager: one file each, no network, no scripts."""

from kpinb.report.page import IndexEntry, Status, write_department_report, write_index

__all__ = ["IndexEntry", "Status", "write_department_report", "write_index"]
