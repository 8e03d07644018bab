"""Pages (面): base templates, components, forms drawn from declarations."""
