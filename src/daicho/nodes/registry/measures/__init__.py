"""Protection measures: whom they concern, how names are compared, and how they go to other towns and come from them."""
