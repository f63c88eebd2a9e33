"""Bulk Read and Bulk Write: jobs, their files, and the upload host."""
