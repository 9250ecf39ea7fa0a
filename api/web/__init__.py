"""What every page is made with: templates, assets, headers, forms, paging and comparisons."""
