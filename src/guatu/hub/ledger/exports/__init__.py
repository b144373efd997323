"""Items as files that flow: each format takes rows one after the other and holds no more than some hundred of them."""
